"""Prompts -> token ids for CLIP's text encoders."""

from retouch.prompts.clip import CHUNK_TOKENS, PromptTokenizer, TokenIds

__all__ = ["CHUNK_TOKENS", "PromptTokenizer", "TokenIds"]
