"""What the terminal says when everything is up."""

from frontend.settings import Settings
from retouch.server.local_key import local_key

PICTURE = "examples/meadow.png"
MASK = "examples/meadow-mask.png"


async def welcome(settings: Settings, *, embedded: bool) -> str:
    """The address, and where Triton is our own, a key and a command that works with it."""
    key = await local_key(settings) if embedded else None
    lines = ["", f"Retouch is ready: {settings.base_url}", ""]
    if key is None:
        lines += ["Make a key:  retouch keys create NAME"]
    else:
        lines += [f"Your key:    {key}", "", "Try it:", "", _curl(settings.base_url, key)]
    return "\n".join([*lines, ""])


def _curl(base_url: str, key: str) -> str:
    words = (
        f"curl {base_url}/v1/images/edits",
        f'-H "Authorization: Bearer {key}"',
        f"-F image=@{PICTURE} -F mask=@{MASK}",
        '-F prompt="a red circle" -F model=retouch-mini -F size=256x256',
    )
    return " \\\n  ".join(words)
