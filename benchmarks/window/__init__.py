"""How much of the canvas the model is best shown."""
