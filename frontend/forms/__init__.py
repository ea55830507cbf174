"""Multipart bodies -> checked requests."""
