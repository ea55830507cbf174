"""How close edits through HTTP come to what the engines alone would take."""
