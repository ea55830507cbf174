"""Measurements of the running product: ratios within one run, for machines differ."""
