"""The lists of the app, on a large company."""
