"""Arrays in, honest figures out."""
