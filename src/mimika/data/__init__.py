"""Data sets in every form people have them, as one in-memory form."""
