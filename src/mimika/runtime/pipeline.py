"""From a picture to its faces and their classes."""

from pathlib import Path
from typing import Self, get_args

import numpy as np

from mimika.core.card import ModelCard
from mimika.core.errors import InputError, UnsupportedImageError
from mimika.core.images import (
    DEFAULT_LIMITS,
    Limits,
    Picture,
    PictureSource,
)
from mimika.core.predictor import Predictor
from mimika.core.preprocess import FloatArray, Images, UInt8Array, fitted
from mimika.core.results import Analysis, Detail, Face, FacesMode
from mimika.core.tasks import Task
from mimika.runtime.classifier import OnnxClassifier
from mimika.runtime.decoding import read_for
from mimika.runtime.explaining import Explanation, occlusion_map
from mimika.runtime.faces import FaceDetector
from mimika.runtime.hardware import ANY_HARDWARE, Hardware
from mimika.runtime.regions import (
    Region,
    classify_regions,
    describe,
    find_regions,
    region_of,
)
from mimika.runtime.samples import SAMPLE_FILE
from mimika.runtime.stages import Stopwatch

DEFAULT_MODEL = Path(__file__).parent / "weights" / "emotion.onnx"


class Analyzer:
    """Finds the faces in pictures and classifies them.

    It keeps no state between calls and may be used from several threads. `close`, or
    the end of a `with` block, gives its memory back.
    """

    def __init__(self, classifier: Predictor, detector: FaceDetector) -> None:
        """Joins a classifier and a face detector."""
        self._networks: tuple[Predictor, FaceDetector] | None = (classifier, detector)
        self._card = classifier.card
        self._provider = detector.provider
        self._task = classifier.card.resolve_task()
        in_colour = {"channels": 3}
        self._shown_spec = classifier.card.preprocess.model_copy(update=in_colour)

    @property
    def card(self) -> ModelCard:
        """What the classifier is."""
        return self._card

    @property
    def provider(self) -> str:
        """What the networks run on, one of `hardware.PROVIDERS`."""
        return self._provider

    def __enter__(self) -> Self:
        """The analyzer itself; the end of the block closes it."""
        return self

    def __exit__(self, *_: object) -> None:
        """Closes it."""
        self.close()

    def close(self) -> None:
        """Gives the networks' memory back, after the calls that run in other threads.

        The next call is refused; a second `close` does nothing.
        """
        self._networks = None

    def warm_up(self) -> None:
        """Analyses a photograph of its own, so that the first answer is not slow."""
        picture = SAMPLE_FILE.read_bytes()
        for detail in get_args(Detail):
            self.analyze(picture, detail=detail)

    def _open_networks(self) -> tuple[Predictor, FaceDetector]:
        if self._networks is None:
            raise InputError("this analyzer is closed; load another one")
        return self._networks

    @property
    def detector(self) -> FaceDetector:
        """What finds the faces; another analyzer may share it.

        Raises:
            InputError: the analyzer is closed.
        """
        return self._open_networks()[1]

    @property
    def task(self) -> Task:
        """The classes with their display names and colours."""
        return self._task

    def analyze(
        self,
        source: PictureSource,
        *,
        faces: FacesMode = "find",
        detail: Detail = "fine",
        limits: Limits = DEFAULT_LIMITS,
        watch: Stopwatch | None = None,
    ) -> Analysis:
        """Finds and classifies the faces in a picture.

        Args:
            source: a path, the bytes of a picture file, a PIL image, or uint8 (H, W)
                grey or (H, W, 3) RGB pixels, 0..255.
            faces: `find` looks for faces, `whole` takes the whole picture as one. A
                task that is not about faces always takes the whole picture.
            detail: how carefully faces are looked for.
            limits: what is accepted before decoding.
            watch: is told how long each stage takes.

        Returns:
            The faces from left to right, then from top to bottom, with boxes in pixels
            of the upright original; none where no face was found.

        Raises:
            FileNotFoundError: the path does not exist.
            ImageError: the picture cannot be used.
            InputError: the analyzer is closed, or `faces` or `detail` is another word.
        """
        _refuse_word("faces", faces, get_args(FacesMode))
        _refuse_word("detail", detail, get_args(Detail))
        classifier, detector = self._open_networks()
        if not self._task.finds_faces:
            faces = "whole"
        watch = watch or Stopwatch()
        with watch.of("decode"):
            picture = read_for(self.card, source, limits)
        regions = find_regions(detector, picture.pixels, faces, detail, watch)
        with watch.of("classify"):
            probabilities = classify_regions(classifier, regions)
        found = [
            self._face(region, picture, row)
            for region, row in zip(regions, probabilities, strict=True)
        ]
        return Analysis(
            width=picture.width,
            height=picture.height,
            faces=tuple(sorted(found, key=lambda face: face.box)),
            faces_mode=faces,
            detail=detail,
            task=self._task.name,
            model=self.card.name,
            model_digest=self.card.digest,
        )

    def classify(self, crops: Images) -> FloatArray:
        """Classifies pictures that are each one face, framed as in training.

        Args:
            crops: uint8 (N, H, W) grey or (N, H, W, 3) RGB, 0..255, of any size; or a
                sequence of pictures of different sizes.

        Returns:
            float32 (N, K), each row sums to 1, columns in the order of `card.labels`.

        Raises:
            UnsupportedImageError: a picture has another dtype or shape.
            InputError: the analyzer is closed.
        """
        classifier, _ = self._open_networks()
        _refuse_single(crops)
        try:
            return classifier.predict(crops)
        except ValueError as error:
            raise UnsupportedImageError(
                f"crops cannot be classified: {error}"
            ) from error

    def explain(
        self,
        face: Face,
        source: PictureSource | None = None,
        *,
        limits: Limits = DEFAULT_LIMITS,
        watch: Stopwatch | None = None,
    ) -> Explanation:
        """Which parts of a face its answer depends on.

        Args:
            face: of an answer of `analyze`.
            source: the picture in which it was found; needed only for a face that was
                read from JSON.
            limits: what is accepted before decoding.
            watch: is told how long each stage takes.

        Raises:
            InputError: the face comes from elsewhere, and no picture was given; it
                lies outside the picture or has a class of another model; or the
                analyzer is closed.
            ImageError: the picture cannot be used.
        """
        classifier, _ = self._open_networks()
        watch = watch or Stopwatch()
        crop = face.crop
        if source is not None:
            with watch.of("decode"):
                picture = read_for(self.card, source, limits)
            crop = self._shown(region_of(face, picture))
        if crop is None:
            raise InputError(
                "this face does not know its picture, as after reading it from JSON; "
                "give the picture as well: explain(face, picture)"
            )
        if face.label not in self._task.keys:
            raise InputError(
                f"the face is {face.label!r}, and this model answers "
                f"{', '.join(self._task.keys)}; explain it with the model that found it"
            )
        small = np.asarray(fitted([crop], self._shown_spec.of_fitted())[0])
        place = self._task.keys.index(face.label)

        def probability(covered: Images) -> FloatArray:
            return classifier.predict(covered, are_fitted=True)[:, place]

        with watch.of("explain"):
            found = occlusion_map(probability, small)
        return Explanation(face.label, face.probability, small, found)

    def _shown(self, crop: UInt8Array) -> UInt8Array:
        """uint8 (S, S, 3): a crop in the size of the model's input, in colour."""
        return np.asarray(fitted([crop], self._shown_spec)[0])

    def _face(self, region: Region, picture: Picture, row: FloatArray) -> Face:
        """A face from its probabilities, float32 (K,), made to sum to 1 in float64."""
        exact = row.astype(np.float64)
        values = (exact / exact.sum()).clip(0, 1).tolist()
        probabilities = dict(zip(self._task.keys, values, strict=True))
        label = max(probabilities, key=probabilities.__getitem__)
        return Face(
            label=label,
            probability=probabilities[label],
            probabilities=probabilities,
            **describe(region, picture),
        ).with_crop(self._shown(region.crop))


def load_analyzer(
    model: str | Path | None = None,
    hardware: Hardware = ANY_HARDWARE,
    name: str | None = None,
    detector: FaceDetector | None = None,
) -> Analyzer:
    """Opens a model together with the face detector.

    Args:
        model: path of a model that `mimika export` wrote; None for the one shipped in
            the package.
        hardware: what both networks may use.
        name: what answers are to call the model; None for the name in its card.
        detector: one that is open already, to be shared; None opens another.

    Raises:
        ModelError: the file is not there or not such a model.
        ConfigError: the hardware is required and does not work here.
    """
    path = DEFAULT_MODEL if model is None else Path(model)
    detector = detector or FaceDetector(hardware)
    same = hardware.settled(detector.provider)
    return Analyzer(OnnxClassifier(path, same, name), detector)


def _refuse_word(name: str, word: str, words: tuple[str, ...]) -> None:
    if word not in words:
        expected = " or ".join(map(repr, words))
        raise InputError(f"{name}={word!r}: expected {expected}")


def _refuse_single(crops: Images) -> None:
    """A single colour picture would pass for many grey ones three pixels wide."""
    if isinstance(crops, np.ndarray) and (
        crops.ndim not in (3, 4) or (crops.ndim == 3 and crops.shape[2] == 3)
    ):
        raise UnsupportedImageError(
            "expected uint8 crops (N, H, W) grey or (N, H, W, 3) RGB, got "
            f"{crops.dtype} {crops.shape}; for a single crop give crop[None]"
        )
