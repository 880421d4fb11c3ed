"""About the model: what it is, how good it is and what it is not for."""
