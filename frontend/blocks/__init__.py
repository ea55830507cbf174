"""Blocks: end users of the callers who may not edit."""
