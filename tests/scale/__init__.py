"""Two frontends and two Tritons, each in a network namespace of its own, behind the proxy."""
