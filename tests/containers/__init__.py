"""The images: linted, built without a registry, run as in production, and asked as clients ask."""
