"""Pictures that move: cameras and videos in, marked pictures and answers out."""
