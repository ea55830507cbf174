"""Quotas: how much each key may ask for in a minute and at once."""
