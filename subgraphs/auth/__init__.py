"""Who is who: accounts, sessions, service accounts, and the tokens that prove it."""
