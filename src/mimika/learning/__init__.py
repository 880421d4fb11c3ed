"""From a small folder of photographs to the best of several models."""
