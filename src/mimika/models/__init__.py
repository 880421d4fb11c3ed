"""Networks, their catalogue and their checkpoints."""
