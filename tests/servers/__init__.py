"""Real servers that tests run against, each started once for the whole session."""
