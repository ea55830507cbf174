"""Tests against the whole product: real tritonserver, real HTTP, real clients."""
