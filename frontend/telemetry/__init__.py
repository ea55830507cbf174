"""What an operator can measure: Prometheus metrics, and OpenTelemetry traces."""
