"""What an operation costs, before anybody is asked."""
