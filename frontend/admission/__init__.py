"""Which edit goes to its model when: a bounded, fair queue before each model."""
