"""Usage: who made which edits, for the operator to find abuse. No prompts, no pictures."""
