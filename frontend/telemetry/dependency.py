"""What the frontend needs, as a label."""

from enum import StrEnum

from frontend.telemetry.metrics import FAULTS


class Dependency(StrEnum):
    """Something that the frontend calls."""

    DATABASE = "database"
    REDIS = "redis"
    RESULTS = "results"
    TRITON = "triton"

    def failed(self) -> None:
        """Count a call that it failed."""
        FAULTS.labels(self).inc()


for dependency in Dependency:
    FAULTS.labels(dependency)  # a counter that does not exist yet cannot be seen to rise
