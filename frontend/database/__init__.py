"""The database: SQLite in the home folder, or the PostgreSQL or SQLite that a URL names."""
