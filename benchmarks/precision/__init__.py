"""What engines, precisions and options change in the built-in model's pictures."""
