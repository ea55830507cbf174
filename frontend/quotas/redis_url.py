"""Which Redis an operator may name."""

from redis.asyncio.connection import parse_url


def checked_redis_url(text: str | None) -> str | None:
    """Return the URL as it is.

    Raises:
        ValueError: the text is no URL of a Redis. It is not quoted: it may hold a password.
    """
    try:
        if text is not None:
            parse_url(text)
    except ValueError as error:
        raise ValueError(
            "expected redis://[:PASSWORD@]HOST[:PORT][/NUMBER], rediss:// or unix://"
        ) from error
    return text
