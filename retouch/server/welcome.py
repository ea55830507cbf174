"""What the terminal says when everything is up."""

from frontend.administration.admin_secret import first_secret
from frontend.administration.links import link_url
from frontend.administration.sessions import Sessions
from frontend.database.database import Database
from frontend.settings import Settings
from retouch.server.local_key import local_key

PICTURE = "examples/meadow.png"
MASK = "examples/meadow-mask.png"


async def welcome(settings: Settings, *, embedded: bool) -> str:
    """The address, and where Triton is our own, the ways in: a link, and a key with a command."""
    key = await local_key(settings) if embedded else None
    lines = ["", f"Retouch is ready: {settings.base_url}", ""]
    if embedded:
        lines += await _ways_into_the_pages(settings)
    if key is None:
        lines += ["Make a key:  retouch keys create NAME"]
    else:
        lines += [f"Your key:    {key}", "", "Try it:", "", _curl(settings.base_url, key)]
    return "\n".join([*lines, ""])


async def _ways_into_the_pages(settings: Settings) -> list[str]:
    """A link for now; at the first start the secret for later, too."""
    async with Database.open(settings) as database:
        secret = await first_secret(database)
        link = await Sessions(database, settings.session_seconds).new_link()
    lines = ["In a browser (this link signs you in once, within an hour):", ""]
    lines += [f"  {link_url(settings, link)}", ""]
    if secret is not None:
        lines += [f"Admin secret, for later (shown this one time): {secret}", ""]
    return lines


def _curl(base_url: str, key: str) -> str:
    words = (
        f"curl {base_url}/v1/images/edits",
        f'-H "Authorization: Bearer {key}"',
        f"-F image=@{PICTURE} -F mask=@{MASK}",
        '-F prompt="a red circle" -F model=retouch-mini -F size=256x256',
    )
    return " \\\n  ".join(words)
