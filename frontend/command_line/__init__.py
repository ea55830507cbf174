"""What the commands on keys, users and usage share."""
