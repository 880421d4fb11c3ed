"""How soon the processing service is whole again after a worker was killed.

    python benchmarks/recovery.py [--rounds 5] [--json]

Sends SIGKILL to one of two workers and waits until `/readyz` says 200 again. The ratio
is to the time that this Python needs to start and import ONNX Runtime and OpenCV: what
no supervisor can avoid.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np
import psutil
from service_load import is_ready, serving

COMMAND = [sys.executable, "-m", "mimika", "serve", "--port", "0", "--workers", "2"]
BARE = [sys.executable, "-c", "import cv2, onnxruntime"]


def main() -> None:
    """Prints both times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    bare = [_seconds(lambda: subprocess.run(BARE, check=True)) for _ in range(3)]
    found = {
        "import": float(np.median(bare)),
        "ready_again": seconds_until_ready(asked.rounds),
    }
    if asked.json:
        print(json.dumps({"recovery_s": found}))
        return
    print(f"importing the libraries      {found['import']:6.2f} s")
    print(
        f"ready again after SIGKILL    {found['ready_again']:6.2f} s, "
        f"{found['ready_again'] / found['import']:.2f} times that"
    )


def seconds_until_ready(rounds: int) -> float:
    """The longest that the service was not whole after a worker was killed.

    Args:
        rounds: how many are killed, one after the other.
    """
    with serving(COMMAND) as address:
        return max(_seconds(lambda: kill_one(address)) for _ in range(rounds))


def kill_one(address: str) -> None:
    """Kills a worker and waits until the service is whole again."""
    (service,) = (c for c in psutil.Process().children() if "serve" in c.cmdline())
    workers = service.children()
    os.kill(workers[0].pid, signal.SIGKILL)
    while is_ready(address):
        time.sleep(0.002)
    while not is_ready(address):
        time.sleep(0.01)


def _seconds(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
