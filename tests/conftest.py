"""Fixtures that are made once for the whole session, whichever folder asks for them first."""

pytest_plugins = [
    "tests.checkpoints.fixtures",
    "tests.export.fixtures",
    "tests.e2e.fixtures",
    "tests.servers.postgresql",
    "tests.servers.redis",
]
