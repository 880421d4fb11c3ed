"""Changed copies of training pictures, by policies with names or written out."""
