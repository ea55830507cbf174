"""What the client of an edit reads: one JSON object, or a stream of events."""
