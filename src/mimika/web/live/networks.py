"""The two networks of the package as files that browsers may fetch.

They are named one by one: what else lies in their folder is not served.
"""

from collections.abc import Iterable
from importlib.resources import files
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.files.storage import FileSystemStorage

PREFIX = "networks"
NAMES = ("emotion.onnx", "face_detector.onnx")
CLASSIFIER, DETECTOR = (f"{PREFIX}/{name}" for name in NAMES)


class NetworksFinder(BaseFinder):
    """Finds `networks/emotion.onnx` and `networks/face_detector.onnx`."""

    def __init__(self, *_: object, **__: object) -> None:
        """Looks where the package keeps its networks; loads none of its code."""
        folder = files("mimika") / "runtime" / "weights"
        self.storage = FileSystemStorage(location=str(folder))
        self.storage.prefix = PREFIX  # type: ignore[attr-defined]  # as Django does it

    def find(self, path: str, find_all: bool = False, **_: object) -> Any:
        """Where a network lies; an empty list for everything else."""
        folder, _slash, name = path.partition("/")
        if folder != PREFIX or name not in NAMES:
            return []
        place = self.storage.path(name)
        return [place] if find_all else place

    def list(
        self, ignore_patterns: Iterable[str] | None
    ) -> Iterable[tuple[str, FileSystemStorage]]:
        """The networks, each with the storage that has it."""
        ignored = list(ignore_patterns or ())
        return [
            (name, self.storage)
            for name in NAMES
            if not matches_patterns(name, ignored)
        ]
