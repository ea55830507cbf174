"""Measurements of the running product; ratios within one run, because machines differ and are noisy."""
