"""The folder that holds all state of mimika on a machine."""

from collections.abc import Mapping
from pathlib import Path

DEFAULT_HOME = "~/.mimika"


def home_folder(environ: Mapping[str, str]) -> Path:
    """The absolute path of `MIMIKA_HOME`, or of `~/.mimika` where it is not set."""
    return Path(environ.get("MIMIKA_HOME") or DEFAULT_HOME).expanduser().absolute()
