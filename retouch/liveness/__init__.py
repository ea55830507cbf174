"""`python -m retouch.liveness`: whether a tritonserver lives, with all that answers in it.

For a container's health check and an orchestrator's liveness probe, where no launcher watches.
Triton's own `/v2/health/live` stays good when the process of a Python model dies, and that of a
decoupled model is never started again: edits would wait in it for ever. It stays good, too, when
its gRPC service has locked itself up and serves no stream any more.

Needs nothing but the standard library. Exit code 0: all live; 1: not, and a line says why.
"""
