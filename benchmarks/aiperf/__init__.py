"""The product under aiperf, which sends edits with masks over HTTP."""
