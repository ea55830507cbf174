"""Real faults under the real frontend: what it needs fills up, goes away, hangs or jumps."""
