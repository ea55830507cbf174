"""Finished pictures behind URLs that expire."""
