"""From a picture to its faces and their classes."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from mimika.core.card import ModelCard
from mimika.core.errors import UnsupportedImageError
from mimika.core.images import (
    DEFAULT_LIMITS,
    Limits,
    Picture,
    PictureSource,
    read_picture,
)
from mimika.core.predictor import Predictor
from mimika.core.preprocess import FloatArray, Images, UInt8Array
from mimika.core.results import Analysis, Box, Detail, Face, FacesMode
from mimika.core.tasks import Task
from mimika.runtime.faces import FINE, FaceDetector
from mimika.runtime.framing import face_crop
from mimika.runtime.session import OnnxClassifier

DEFAULT_MODEL = Path(__file__).parent / "weights" / "emotion.onnx"

# A large JPEG may be decoded smaller, but not under twice the size at which faces are
# looked for: the smallest faces found (12 pixels there) then still have 24 to 48.
REDUCE_TO = 2 * FINE.most

Region = tuple[tuple[float, float, float, float], float, UInt8Array]


class Analyzer:
    """Finds the faces in pictures and classifies them.

    It keeps no state between calls and may be used from several threads.
    """

    def __init__(self, classifier: Predictor, detector: FaceDetector) -> None:
        """Joins a classifier and a face detector."""
        self._classifier = classifier
        self._detector = detector
        self._task = classifier.card.resolve_task()

    @property
    def card(self) -> ModelCard:
        """What the classifier is."""
        return self._classifier.card

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
    ) -> Analysis:
        """Finds and classifies the faces in a picture.

        Args:
            source: a path, the bytes of a picture file, a PIL image, or uint8 (H, W)
                grey or (H, W, 3) RGB pixels, 0..255.
            faces: `find` looks for faces, `whole` takes the whole picture as one. A
                task that is not about faces always takes the whole picture.
            detail: how carefully faces are looked for.
            limits: what is accepted before decoding.

        Returns:
            The faces from left to right, then from top to bottom, with boxes in pixels
            of the upright original; none where no face was found.

        Raises:
            FileNotFoundError: the path does not exist.
            ImageError: the picture cannot be used.
        """
        if not self._task.finds_faces:
            faces = "whole"
        picture = read_picture(source, limits, REDUCE_TO)
        regions = self._regions(picture.pixels, faces, detail)
        probabilities = self._classifier.predict([crop for *_, crop in regions])
        found = [
            self._face(original_box(box, picture), score, row)
            for (box, score, _), row in zip(regions, probabilities, strict=True)
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
        """
        _refuse_single(crops)
        try:
            return self._classifier.predict(crops)
        except ValueError as error:
            raise UnsupportedImageError(
                f"crops cannot be classified: {error}"
            ) from error

    def _regions(
        self, pixels: UInt8Array, faces: FacesMode, detail: Detail
    ) -> Sequence[Region]:
        """Box, score and crop of what is to be classified, in decoded pixels."""
        if faces == "whole":
            height, width = pixels.shape[:2]
            return [((0, 0, width, height), 1.0, pixels)]
        found = self._detector.detect(pixels, detail)
        return [(f.box, f.score, face_crop(pixels, f.box)) for f in found]

    def _face(self, box: Box, score: float, row: FloatArray) -> Face:
        """A face from its probabilities, float32 (K,), made to sum to 1 in float64."""
        exact = row.astype(np.float64)
        values = (exact / exact.sum()).clip(0, 1).tolist()
        probabilities = dict(zip(self._task.keys, values, strict=True))
        label = max(probabilities, key=probabilities.__getitem__)
        return Face(
            box=box,
            score=score,
            label=label,
            probability=probabilities[label],
            probabilities=probabilities,
        )


def load_analyzer(model: str | Path | None = None, threads: int = 1) -> Analyzer:
    """Opens a model together with the face detector.

    Args:
        model: path of a model that `mimika export` wrote; None for the one shipped in
            the package.
        threads: threads that one run of a network may use.

    Raises:
        ModelError: the file is not there or not such a model.
    """
    path = DEFAULT_MODEL if model is None else Path(model)
    return Analyzer(OnnxClassifier(path, threads), FaceDetector(threads))


def original_box(box: tuple[float, float, float, float], picture: Picture) -> Box:
    """A box in decoded pixels as whole pixels of the upright original, inside it.

    Args:
        box: x, y, width and height in pixels of `picture.pixels`.
        picture: the picture, which may have been decoded at a reduced size.
    """
    height, width = picture.pixels.shape[:2]
    left, right = _span(box[0], box[2], picture.width / width, picture.width)
    top, bottom = _span(box[1], box[3], picture.height / height, picture.height)
    return Box(left, top, right - left, bottom - top)


def _span(start: float, length: float, scale: float, size: int) -> tuple[int, int]:
    """Rounded ends of an interval, at least one pixel long, inside 0..size."""
    low = min(max(round(start * scale), 0), size - 1)
    high = min(max(round((start + length) * scale), low + 1), size)
    return low, high


def _refuse_single(crops: Images) -> None:
    """A single colour picture would pass for many grey ones three pixels wide."""
    if isinstance(crops, np.ndarray) and (
        crops.ndim not in (3, 4) or (crops.ndim == 3 and crops.shape[2] == 3)
    ):
        raise UnsupportedImageError(
            "expected uint8 crops (N, H, W) grey or (N, H, W, 3) RGB, got "
            f"{crops.dtype} {crops.shape}; for a single crop give crop[None]"
        )
