"""The `retouch` command."""

from retouch.command_line.main import main

__all__ = ["main"]
