"""What can be known of the router from outside: figures, spans, a line a request."""
