"""What the pages of the administrator talk to; not part of the API for clients."""
