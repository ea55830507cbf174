"""What can stop the product from starting. Every message is one clear line for the operator.

LaunchError
├── InvalidSettings  a setting cannot be used
├── DatabaseUnusable the database cannot be reached, or a newer version has written it
├── PortTaken        another process listens where one of ours should
├── TritonMissing    the wheel, or a library that it needs, is not installed
└── TritonFailed     the server ended before it was ready: a model that does not load, most often
"""


class LaunchError(Exception):
    """The product can't start; the message says why and what to do."""


class InvalidSettings(LaunchError):
    """A setting cannot be used."""


class DatabaseUnusable(LaunchError):
    """The database cannot be used."""


class PortTaken(LaunchError):
    """A port that we must listen on is in use."""


class TritonMissing(LaunchError):
    """No tritonserver can be run from this Python environment."""


class TritonFailed(LaunchError):
    """The tritonserver ended before it was ready."""
