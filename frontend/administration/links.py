"""The addresses of links that sign in."""

from frontend.settings import Settings


def link_url(settings: Settings, token: str) -> str:
    """Return the address that signs a browser in.

    The token is in the fragment, which browsers keep to themselves: no log and no proxy sees it.
    """
    return f"{settings.base_url}/#sign-in={token}"
