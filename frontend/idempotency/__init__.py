"""`Idempotency-Key`: however often a request is sent, the edit is made once."""
