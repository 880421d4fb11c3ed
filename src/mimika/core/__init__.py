"""Tasks, pictures, preprocessing, model cards and errors: what everything shares."""
