"""How the built-in checkpoint is made: drawn scenes, the models, their training and their evaluation."""
