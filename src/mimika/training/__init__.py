"""From an experiment file to a run folder."""
