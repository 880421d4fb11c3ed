"""Time and peak memory of `mimika analyse`, the whole process with its workers.

python benchmarks/analyse.py fer2013.parquet [--votes VOTES]
Fails above 4 minutes or 2 GB: what the full FER2013 may take on two idle cores.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

MOST_S, MOST_MB = 240, 2000
EVERY_S = 0.2


def tree_mb(process: psutil.Process) -> float:
    """Memory of a process and its children in MB; shared pages count once a process."""
    total = 0
    for one in [process, *process.children(recursive=True)]:
        try:
            total += one.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total / 1e6


def main() -> None:
    """Runs the command once and prints what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--votes", type=Path)
    arguments = parser.parse_args()
    votes = ["--votes", str(arguments.votes)] if arguments.votes else []
    with tempfile.TemporaryDirectory() as folder:
        out = ["--out", str(Path(folder) / "report")]
        call = [sys.executable, "-m", "mimika", "analyse", str(arguments.data)]
        start, before = time.perf_counter(), os.getloadavg()[0]
        running = subprocess.Popen([*call, *out, *votes])  # our own
        process, peak_mb = psutil.Process(running.pid), 0.0
        while running.poll() is None:
            peak_mb = max(peak_mb, tree_mb(process))
            time.sleep(EVERY_S)
        seconds = time.perf_counter() - start
    print(
        f"{seconds:.0f} s, peak {peak_mb:.0f} MB, {os.cpu_count()} cores, load before "
        f"{before:.1f}"
    )
    assert running.returncode == 0, "the command failed"
    assert seconds <= MOST_S, f"over {MOST_S} s"
    assert peak_mb <= MOST_MB, f"over {MOST_MB} MB"


if __name__ == "__main__":
    main()
