"""What somebody needs to know to repeat a run: `run.json`."""

import json
import os
import platform
import subprocess
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import torch

from mimika.core.files import write_text
from mimika.data.split_file import picture_digest
from mimika.models.pretrained import Loaded
from mimika.training.config import Experiment
from mimika.training.loaders import Division

SOURCE = Path(__file__).parents[1]  # the whole package
RUN = "run.json"
PACKAGES = (
    "mimika",
    "torch",
    "timm",
    "torchvision",
    "lightning-fabric",
    "albumentations",
    "numpy",
    "opencv-python-headless",
    "scikit-learn",
)


def describe_run(
    experiment: Experiment, division: Division, recipe: str, device: str, processes: int
) -> dict[str, Any]:
    """Everything that is known when a run starts.

    Args:
        experiment: the resolved experiment.
        division: the pictures.
        recipe: the command.
        device: torch's name of it.
        processes: how many train together.
    """
    return {
        "command": recipe,
        "experiment": experiment.name,
        "seeds": {
            "run": experiment.seed,
            "epoch": "seed * 1000003 + epoch, for torch; one more for order and draws",
        },
        "data": {
            "source": Path(experiment.data).name,
            "selected_on": division.selected_on,
            "training": len(division.training),
            "training_digest": picture_digest(division.training.images),
            "selection": len(division.selection),
            "selection_digest": picture_digest(division.selection.images),
        },
        "files": _files(experiment),
        "versions": {name: _version(name) for name in PACKAGES}
        | {"python": platform.python_version()},
        "git_revision": git_revision(),
        "machine": {
            "system": f"{platform.system()} {platform.machine()}",
            "processor": _processor(),
            "cores": os.cpu_count(),
            "threads": torch.get_num_threads(),
            "device": _device_name(device),
            "processes": processes,
        },
        "started": _now(),
    }


def write_run(folder: Path, facts: dict[str, Any], seconds: float | None) -> None:
    """Writes `run.json`.

    Args:
        folder: the run's folder.
        facts: of `describe_run`.
        seconds: of all epochs together once the run has ended; None before.
    """
    if seconds is not None:
        facts = facts | {"ended": _now(), "training_seconds": round(seconds, 1)}
    write_text(folder / RUN, json.dumps(facts, indent=2, ensure_ascii=False) + "\n")


def first_start(folder: Path) -> dict[str, Any]:
    """When a run that is resumed was first started, and by which command."""
    before = read_run(folder)
    return {key: before[key] for key in ("command", "started") if key in before}


def read_run(folder: Path) -> dict[str, Any]:
    """What `run.json` holds; nothing where there is none."""
    path = folder / RUN
    if not path.is_file():
        return {}
    facts: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return facts


def describe_weights(loaded: Loaded) -> dict[str, Any]:
    """Which pretrained weights a run began with, without their folder."""
    is_file = Path(loaded.origin).is_file()
    return {
        "origin": Path(loaded.origin).name if is_file else loaded.origin,
        "licence": loaded.licence,
        "sha256": loaded.digest,
    }


def _files(experiment: Experiment) -> dict[str, str]:
    """SHA-256 of each file that is learned from besides the pictures, by its name."""
    found = [*experiment.teachers, experiment.votes, experiment.upscaler_file]
    paths = [Path(file) for file in found if file]
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in paths}


def git_revision() -> str | None:
    """The commit of the source, `+` where it was changed; None outside a checkout."""
    # an installed package may lie in a checkout of something else
    if not _git(SOURCE, "ls-files", "--", "__init__.py"):
        return None
    revision = _git(SOURCE, "rev-parse", "HEAD")
    if revision is None:
        return None
    return revision + ("+" if _git(SOURCE, "status", "--porcelain", "--", ".") else "")


def _git(folder: Path, *words: str) -> str | None:
    try:
        done = subprocess.run(  # noqa: S603  words of this file only
            ["git", *words],  # noqa: S607  the one on the path
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _processor() -> str:
    """The processor's name where the system tells it."""
    facts = Path("/proc/cpuinfo")
    lines = facts.read_text().splitlines() if facts.is_file() else []
    names = [x.partition(":")[2].strip() for x in lines if x.startswith("model name")]
    return names[0] if names else platform.processor()


def _device_name(device: str) -> str:
    is_cuda = device.startswith("cuda")
    return f"{device} ({torch.cuda.get_device_name(device)})" if is_cuda else device


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
