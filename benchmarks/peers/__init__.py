"""What users would pick instead, on the same checkpoint, pictures, steps and machine."""
