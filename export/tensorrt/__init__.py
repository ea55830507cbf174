"""What exports for TensorRT are made of: precise graphs, profiles, plans and configs."""
