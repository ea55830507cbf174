"""How many GPUs a load needs: a simulation of the queue and the loops from measured step times."""
