"""The processing service: HTTP in front of a pool of processes."""
