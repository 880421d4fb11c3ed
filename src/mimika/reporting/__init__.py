"""Plots, tables and drawings that know no task."""
