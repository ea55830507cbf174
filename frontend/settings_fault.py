"""Says to the operator what is wrong with the settings."""

from pydantic import ValidationError


def settings_fault(error: ValidationError) -> str:
    """Return one line: which variables are wrong, and how; never their values."""
    faults = (
        "".join(f"RETOUCH_{str(field).upper()}: " for field in fault["loc"][:1]) + fault["msg"]
        for fault in error.errors()
    )
    return "; ".join(faults)
