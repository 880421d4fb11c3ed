"""A photograph with one face, to measure and to warm up with."""

from pathlib import Path

SAMPLE_FILE = Path(__file__).parent / "one_face.jpg"
