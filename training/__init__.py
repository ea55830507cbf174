"""How the built-in checkpoint is made: drawn scenes, models, their training and evaluation."""
