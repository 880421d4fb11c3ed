"""Milliseconds a face of a classifier on one thread, for batches of 1 and of 16.

    python benchmarks/classifier.py [--model FILE] [--rounds N]

The input is face crops of 120 x 120 RGB pixels, a usual size in photographs, so the
figures include making them the network's input; that part is printed by itself too.
The last column counts in yardsticks: see `timing.yardstick`.
"""

import argparse
from functools import partial
from pathlib import Path

import numpy as np
from timing import HEADING, row, timed, yardstick

from mimika.core.preprocess import preprocess
from mimika.runtime.classifier import OnnxClassifier
from mimika.runtime.pipeline import DEFAULT_MODEL


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=DEFAULT_MODEL)
    parser.add_argument("--rounds", type=int, default=200)
    arguments = parser.parse_args()
    classifier = OnnxClassifier(arguments.model)
    spec = classifier.card.preprocess
    crops = np.random.default_rng(0).integers(0, 256, (16, 120, 120, 3), np.uint8)
    unit = yardstick(arguments.rounds)
    print(f"{classifier.card.name}, one thread, milliseconds a face")
    print(HEADING)
    print(row("yardstick", unit, unit))
    for batch in (1, 16):
        taken = crops[:batch]
        parts = {
            "preprocessing alone": partial(preprocess, taken, spec),
            "preprocessing and network": partial(classifier.predict, taken),
        }
        for name, call in parts.items():
            timing = timed(call, arguments.rounds).per(batch)
            print(row(f"batch {batch:2}: {name}", timing, unit))


if __name__ == "__main__":
    main()
