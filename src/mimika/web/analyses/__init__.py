"""Analyses: the form, the result, the history."""
