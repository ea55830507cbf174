"""What the files for running the product elsewhere promise, where they cannot be run."""
