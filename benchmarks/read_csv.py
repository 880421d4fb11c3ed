"""Seconds and peak memory of reading Kaggle's train.csv, each time in a fresh process.

    python benchmarks/read_csv.py [TRAIN_CSV]

Without a file, one of the same size (28,709 rows) is made from random pixels. The time
is that of the whole process, the start of Python and all imports included. The baseline
is what most people write: the csv module and `numpy.array(text.split(), uint8)`.
"""

import argparse
import csv
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROWS = 28_709
REPEATS = 3
LIMIT_S, LIMIT_MB = 8.0, 600.0


def make(path: Path) -> None:
    """Writes a file like train.csv: values spread over 0..255 as in photographs."""
    import numpy as np

    rng = np.random.default_rng(0)
    with path.open("w") as file:
        file.write("emotion,pixels\n")
        for _ in range(ROWS):
            pixels = rng.normal(128, 62, 48 * 48).clip(0, 255).astype(int)
            file.write(f"{rng.integers(7)},{' '.join(map(str, pixels.tolist()))}\n")


def mimika(path: Path) -> int:
    """The reader that is measured; returns the number of rows."""
    from mimika.data.reading import read_dataset

    return len(read_dataset(path))


def baseline(path: Path) -> int:
    """The csv module and numpy, with no check of anything; number of rows."""
    import numpy as np

    csv.field_size_limit(1 << 20)
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    images = np.array([np.array(row["pixels"].split(), np.uint8) for row in rows])
    labels = np.array([int(row["emotion"]) for row in rows])
    assert images.shape == (len(labels), 48 * 48)
    return len(images)


TASKS = {"make": make, "mimika": mimika, "baseline": baseline}


def measure(task: str, path: Path) -> tuple[float, float]:
    """Seconds and peak MB of one task in a fresh process."""
    command = [sys.executable, __file__, str(path), "--task", task]
    start = time.perf_counter()
    done = subprocess.run(
        command, check=True, capture_output=True, text=True
    )  # our own file
    seconds = time.perf_counter() - start
    rows, peak_mb = done.stdout.split()
    if task != "make":
        print(
            f"{task:9} {int(rows):7,} rows  {seconds:6.2f} s  {float(peak_mb):6.0f} MB"
        )
    return seconds, float(peak_mb)


def compare(path: Path) -> None:
    """Measures both readers by turns and prints the best of each and their ratio."""
    print(f"{path.name}: {path.stat().st_size / 1e6:.0f} MB, best of {REPEATS}")
    runs = [
        (measure("mimika", path), measure("baseline", path)) for _ in range(REPEATS)
    ]
    ours, theirs = min(run[0] for run in runs), min(run[1] for run in runs)
    print(
        f"\nmimika {ours[0]:.2f} s, {ours[1]:.0f} MB (limits {LIMIT_S:g} s, "
        f"{LIMIT_MB:g} MB); csv and numpy {theirs[0]:.2f} s, {theirs[1]:.0f} MB; "
        f"{theirs[0] / ours[0]:.1f} times as fast, {ours[1] / theirs[1]:.0%} of the "
        "memory"
    )
    if ours[0] > LIMIT_S or ours[1] > LIMIT_MB:
        sys.exit("over the limits")


def main() -> None:
    """Runs one task in this process, or the comparison."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("csv", type=Path, nargs="?")
    parser.add_argument("--task", choices=list(TASKS), help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.task:
        rows = TASKS[args.task](args.csv)
        # Peak of this process in MB; Linux counts kilobytes.
        print(rows or 0, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    elif args.csv:
        compare(args.csv)
    else:
        with tempfile.TemporaryDirectory() as folder:
            measure("make", Path(folder) / "train.csv")
            compare(Path(folder) / "train.csv")


if __name__ == "__main__":
    main()
