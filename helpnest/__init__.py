"""The command line: the whole stack on one machine."""
