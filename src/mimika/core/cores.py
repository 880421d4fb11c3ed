"""How many processor cores this process may use, also in a container."""

import math
import os
from pathlib import Path

CGROUPS = Path("/sys/fs/cgroup")


def usable_cores(cgroups: Path = CGROUPS) -> int:
    """Cores that the system schedules us on, within the limit of our control group.

    Args:
        cgroups: where Linux shows the control group of a container.

    Returns:
        At least 1; a limit of one and a half cores counts as 2.
    """
    if hasattr(os, "sched_getaffinity"):
        cores = len(os.sched_getaffinity(0))
    else:
        cores = os.cpu_count() or 1
    quota = _quota(cgroups)
    return cores if quota is None else max(1, min(cores, math.ceil(quota)))


def _quota(cgroups: Path) -> float | None:
    """The limit in cores, of either version of control groups; None for no limit."""
    try:
        if (cgroups / "cpu.max").exists():
            given, period = (cgroups / "cpu.max").read_text().split()
        else:
            given = (cgroups / "cpu" / "cpu.cfs_quota_us").read_text()
            period = (cgroups / "cpu" / "cpu.cfs_period_us").read_text()
        quota, length = float(given), float(period)
    except (OSError, ValueError):  # no control groups, or "max": no limit
        return None
    return quota / length if quota > 0 and length > 0 else None
