"""mimika: facial-emotion classification from a data set to an answer on a screen.

import mimika

analyzer = mimika.load()
result = analyzer.analyze("photo.jpg")
result.faces[0].box, result.faces[0].emotion, result.faces[0].probabilities
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from mimika.runtime.pipeline import Analyzer

__all__ = ["__version__", "load"]


def load(model: "str | Path | None" = None, threads: int = 1) -> "Analyzer":
    """Loads a model together with the face detector.

    Args:
        model: path of a model that `mimika export` wrote; the model shipped in the
            package where it is not given.
        threads: threads that one network may use.

    Returns:
        An object with `analyze` (a picture) and `classify` (crops).

    Raises:
        mimika.core.errors.ModelError: the file is not there or not such a model.
    """
    from mimika.runtime.pipeline import load_analyzer

    return load_analyzer(model, threads)


def __getattr__(name: str) -> str:
    if name == "__version__":
        from importlib.metadata import version

        return version("mimika")
    raise AttributeError(f"module 'mimika' has no attribute {name!r}")
