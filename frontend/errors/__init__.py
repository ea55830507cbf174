"""Every way a request can fail, and the OpenAI body that says so."""
