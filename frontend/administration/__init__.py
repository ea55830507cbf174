"""The administrator in a browser: a secret or a one-time link opens a session."""
