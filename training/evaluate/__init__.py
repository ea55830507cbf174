"""How good a checkpoint is: measures on held-out scenes, each against a bar."""
