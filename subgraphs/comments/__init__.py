"""What people say about tickets: replies to all who see one, notes for some."""
