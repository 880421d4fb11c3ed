"""Limits on how often something may be tried, shared by all processes."""
