"""What stops the command line, in sentences that say what to do."""


class CannotStartError(Exception):
    """Something outside the program is in the way; the message says what to do."""
