"""An hour of everything at once, and whether anything grows or is lost meanwhile."""
