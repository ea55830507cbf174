"""Keeps the libraries' own chatter out of the export's progress."""

import diffusers
import transformers


def quiet() -> None:
    """Show errors only, and no bars but ours."""
    for library in (diffusers, transformers):
        library.utils.logging.set_verbosity_error()
        library.utils.logging.disable_progress_bar()
