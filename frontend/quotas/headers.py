"""The `x-ratelimit-*` headers, in OpenAI's form."""

from collections.abc import Mapping

from frontend.quotas.rates import Balance, Kind


def rate_headers(kind: Kind, balance: Balance) -> Mapping[str, str]:
    """Return the three headers of one quota."""
    return {
        f"x-ratelimit-limit-{kind}": str(balance.limit),
        f"x-ratelimit-remaining-{kind}": str(balance.remaining),
        f"x-ratelimit-reset-{kind}": duration(balance.reset_seconds),
    }


def duration(seconds: float) -> str:
    """Return a duration such as `0s`, `120ms`, `1.2s` or `6m0s`."""
    milliseconds = round(seconds * 1000)
    if 0 < milliseconds < 1000:
        return f"{milliseconds}ms"
    minutes, rest = divmod(milliseconds, 60_000)
    text = f"{rest / 1000:.3f}".rstrip("0").rstrip(".") + "s"
    return f"{minutes}m{text}" if minutes else text
