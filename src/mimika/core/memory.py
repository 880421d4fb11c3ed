"""How much memory this process holds, and has held at most."""

import mmap
import sys
from pathlib import Path

STATM = Path("/proc/self/statm")  # Linux; its second number is the resident pages
MIB = 1024 * 1024


def resident_mb() -> int:
    """MiB that this process holds at the moment; 0 where nobody knows."""
    try:
        pages = int(STATM.read_text().split()[1])
    except OSError:
        return 0
    return pages * mmap.PAGESIZE // MIB


def peak_mb() -> float | None:
    """Most MiB that this process has held so far; None where nobody knows."""
    if sys.platform == "win32":
        return None
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1024 if sys.platform == "linux" else peak / MIB
