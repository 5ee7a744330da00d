"""What the graph sees of sessions, service accounts and ways to sign in."""
