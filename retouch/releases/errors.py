"""What can stop a change of releases. Every message is one clear line for the operator."""


class ReleaseError(Exception):
    """The releases cannot be changed so; what is served stays as it was."""
