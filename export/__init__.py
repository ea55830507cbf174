"""Turns a Stable Diffusion checkpoint into served models.

`export_checkpoint` is the whole way; `command_line` puts it behind `retouch export`.
"""

from export.exporter import ExportRequest, export_checkpoint

__all__ = ["ExportRequest", "export_checkpoint"]
