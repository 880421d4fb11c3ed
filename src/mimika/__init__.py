"""mimika: facial-emotion classification from a data set to an answer on a screen.

import mimika

analyzer = mimika.load()
result = analyzer.analyze("photo.jpg")
result.faces[0].box, result.faces[0].emotion, result.faces[0].probabilities
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from mimika.runtime.hardware import Provider
    from mimika.runtime.pipeline import Analyzer

__all__ = ["__version__", "load"]


def load(
    model: "str | Path | None" = None,
    threads: int = 1,
    *,
    provider: "Provider" = "auto",
    require: bool = False,
    arena: bool = True,
    warm_up: bool = False,
) -> "Analyzer":
    """Loads a model together with the face detector.

    Args:
        model: path of a model that `mimika export` or `mimika learn` wrote, such as
            `learned/model.onnx`; or the name of one that was added with `mimika models
            add`, or its task, such as `parts`. Where it is not given, the model shipped
            in the package, whatever the default of the service is.
        threads: threads that one network may use; 0 for one on each core, within the
            limit of a container.
        provider: what the networks run on: `cpu`, `cuda`, `tensorrt`, `coreml`,
            `directml`; or `auto`, which is CUDA where it works and else the CPU.
        require: fail where that provider does not work, instead of going on, with one
            warning, on the next best.
        arena: keep the memory of a run for the next one: faster, but more is held.
        warm_up: analyse a photograph at once, so that the first answer is not slow.

    Returns:
        An object with `analyze` (a picture), `classify` (crops) and `explain` (a face
        of an answer); usable from several threads, and as a context manager.

    Raises:
        mimika.core.errors.ModelError: the file is not there or not such a model.
        mimika.core.errors.ConfigError: an impossible setting, or the provider is
            required and does not work here.
    """
    from mimika.runtime.hardware import Hardware
    from mimika.runtime.shelved import load_by_name

    analyzer = load_by_name(model, Hardware(threads, provider, require, arena))
    if warm_up:
        analyzer.warm_up()
    return analyzer


def __getattr__(name: str) -> str:
    if name == "__version__":
        from importlib.metadata import version

        return version("mimika")
    raise AttributeError(f"module 'mimika' has no attribute {name!r}")
