"""Which proxies are believed when they say where a request comes from."""

from ipaddress import ip_network


def checked_proxies(text: str) -> str:
    """Return the addresses and networks as they are.

    Raises:
        ValueError: one of them is neither.
    """
    try:
        for network in text.split(","):
            ip_network(network.strip())
    except ValueError as error:
        raise ValueError("expected addresses or networks, as 127.0.0.1,10.0.0.0/8") from error
    return text
