"""The `x-ratelimit-*` headers in OpenAPI's words."""

from typing import Any, Final

_MEANINGS: Final = {
    "limit": ("How many {kind} this key may ask for in any 60 seconds.", {"type": "integer"}),
    "remaining": ("How many of those are left now.", {"type": "integer"}),
    "reset": ("Time until more remain, such as `1.2s` or `6m0s`.", {"type": "string"}),
}
RATE_HEADERS: Final[dict[str, Any]] = {
    f"x-ratelimit-{name}-{kind}": {"description": text.format(kind=kind), "schema": schema}
    for kind in ("requests", "images")
    for name, (text, schema) in _MEANINGS.items()
}
