"""What a check finds."""


class NotLiveError(Exception):
    """Something is dead; the message says what."""
