"""What a worker process does with a job: the seam between the pool and the runtime."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import cv2
import numpy as np

from mimika.core.errors import ModelError
from mimika.core.home import home_folder
from mimika.core.images import DEFAULT_LIMITS, Limits
from mimika.core.preprocess import UInt8Array
from mimika.core.results import Analysis
from mimika.runtime.hardware import Hardware
from mimika.runtime.shelf import Shelf
from mimika.runtime.stages import Stopwatch
from mimika.service.schemas import (
    AddModelOptions,
    AnalyzeOptions,
    ExplainOptions,
    ModelInfo,
    Options,
    model_info,
)

if TYPE_CHECKING:
    from mimika.runtime.pipeline import Analyzer
    from mimika.service.kept_models import KeptModels

DEFAULT_MODELS_MB = 512


@dataclass(frozen=True)
class Job:
    """One picture, and what is wanted of it.

    Attributes:
        data: the bytes of its file.
        options: how to analyse it, or which of its faces to explain.
        request_id: names it in every log.
    """

    data: bytes
    options: Options
    request_id: str = "-"


@dataclass(frozen=True)
class Done:
    """A job that was done; the answer is written once, in the worker.

    Attributes:
        body: the `Analysis` as JSON, in UTF-8; of an explanation the bytes of a PNG.
        faces: how many faces were classified.
        seconds: spent in each stage, by its name.
    """

    body: bytes
    faces: int
    seconds: Mapping[str, float] = field(default_factory=dict)


def done_with(analysis: Analysis, seconds: Mapping[str, float]) -> Done:
    """An analysis as it travels.

    Args:
        analysis: the answer.
        seconds: spent in each stage, by its name.
    """
    return Done(analysis.model_dump_json().encode(), len(analysis.faces), seconds)


def drawn_with(pixels: UInt8Array, seconds: Mapping[str, float]) -> Done:
    """A drawn answer as it travels.

    Args:
        pixels: uint8 (H, W, 3), RGB.
        seconds: spent in each stage, by its name.
    """
    bgr = np.ascontiguousarray(pixels[:, :, ::-1])  # OpenCV writes BGR
    return Done(cv2.imencode(".png", bgr)[1].tobytes(), 0, seconds)


class Work(Protocol):
    """Lives in a worker process and is called for one job after the other."""

    @property
    def models(self) -> tuple[ModelInfo, ...]:
        """The models that it offers, but for those that were added."""
        ...

    @property
    def kept_mb(self) -> int:
        """MiB that it may hold beside what it always holds: models that were added."""
        ...

    def warm_up(self) -> None:
        """Does a job of its own, so that the first real one is not slow.

        Raises:
            MimikaError: it cannot do any.
        """
        ...

    def __call__(self, job: Job) -> Done:
        """Does a job.

        Raises:
            MimikaError: it cannot be done; the message is for the client.
        """
        ...


class AnalyzerWork:
    """The `Work` of the service: the shipped model, and those that were added."""

    def __init__(
        self, analyzer: "Analyzer", kept: "KeptModels", limits: Limits
    ) -> None:
        """Takes an analyzer over.

        Args:
            analyzer: the shipped model.
            kept: loads those that were added.
            limits: what pictures are accepted.

        Raises:
            ModelError: the model's classes are not those of the task it names.
        """
        self._analyzer = analyzer
        self._kept = kept
        self._limits = limits
        self._model = model_info(analyzer.card)

    @property
    def models(self) -> tuple[ModelInfo, ...]:
        """See `Work`."""
        return (self._model,)

    @property
    def kept_mb(self) -> int:
        """See `Work`."""
        return self._kept.cost_mb

    def warm_up(self) -> None:
        """See `Work`."""
        self._analyzer.warm_up()

    def __call__(self, job: Job) -> Done:
        """See `Work`."""
        match job.options:
            case ExplainOptions():
                return self._explain(job.data, job.options)
            case AddModelOptions():
                return self._add(job.data, job.options)
            case _:
                return self._analyze(job.data, job.options)

    def _analyze(self, data: bytes, options: AnalyzeOptions) -> Done:
        analyzer = self._kept.find(options.model, options.task)
        watch = Stopwatch()
        analysis = analyzer.analyze(
            data,
            faces=options.faces,
            detail=options.detail,
            limits=self._limits,
            watch=watch,
        )
        return done_with(analysis, watch.seconds)

    def _explain(self, data: bytes, options: ExplainOptions) -> Done:
        analyzer = self._kept.find(options.model, None)
        if options.digest not in (None, analyzer.card.digest):
            raise ModelError(
                f"the model {analyzer.card.name!r} is no longer the one that gave this "
                "answer: it was replaced; analyse the picture again"
            )
        watch = Stopwatch()
        explanation = analyzer.explain(
            options.face.to_face(), data, limits=self._limits, watch=watch
        )
        return drawn_with(explanation.overlay(options.side), watch.seconds)

    def _add(self, data: bytes, options: AddModelOptions) -> Done:
        info = self._kept.add(options.name, data, replace=options.replace)
        return Done(info.model_dump_json().encode(), 0)


def build_work(options: Mapping[str, Any]) -> Work:
    """Loads the model, in the process that is going to use it.

    Args:
        options: `model` (a path, or None for the one in the package), `max_bytes`
            (largest file), `hardware` (the fields of a `Hardware`), and perhaps `name`
            (of the model; its card's by default), `home` (folder of all state) and
            `models_mb` (bound of the models that were added).

    Raises:
        ModelError: the model cannot be used.
        ConfigError: the hardware is required and does not work here.
    """
    # not in the parent process
    from mimika.runtime.pipeline import load_analyzer
    from mimika.service.kept_models import KeptModels

    hardware = Hardware(**options["hardware"])
    cv2.setNumThreads(hardware.threads)  # several processes share the machine
    analyzer = load_analyzer(options["model"], hardware, options.get("name"))
    home = Path(options.get("home") or home_folder(os.environ))
    bound_mb = options.get("models_mb", DEFAULT_MODELS_MB)
    return AnalyzerWork(
        analyzer,
        KeptModels(analyzer, Shelf(home), hardware, bound_mb),
        replace(DEFAULT_LIMITS, max_bytes=options["max_bytes"]),
    )
