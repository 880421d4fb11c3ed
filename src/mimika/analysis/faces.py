"""Pictures in which the face detector finds no face, and how far to believe it.

Pictures in data sets of faces are cut close, which detectors are not made for: they are
enlarged and set on a grey ground with a margin. On FER2013 that way 0.9 % of the faces
are missed; `docs/analysis.md` has the figures.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from mimika.analysis.pictures import Pictures
from mimika.analysis.processes import spread
from mimika.core.errors import ImageError
from mimika.core.images import read_picture
from mimika.core.preprocess import UInt8Array, resize, to_grey
from mimika.data.votes import Votes
from mimika.runtime.faces import FaceDetector

FACE_PX, MARGIN_PX, GROUND = 160, 32, 127
WIDER_FACE_PX, WIDER_MARGIN_PX = 128, 96  # the second look, for faces cut very close
SMALL_PX = 128  # up to this side a picture is taken for one face, cut close
PHOTO_PX = 640
MOST_PHOTOS = 3000  # photographs that are searched; of more, a sample drawn by chance
SURE_VOTES = 0.5  # share of a picture's votes from which on it is known to be no face
CHUNK = 256


@dataclass(frozen=True)
class FaceError:
    """The detector's error, measured on pictures that people have voted on.

    Attributes:
        faces: pictures that nobody called no face.
        missed: share of these in which none is found.
        others: pictures that at least half of the raters called no face.
        found: share of these in which one is found all the same.
    """

    faces: int
    missed: float | None
    others: int
    found: float | None


@dataclass(frozen=True)
class FaceSearch:
    """Pictures without a face, by our detector.

    Attributes:
        searched: int64 (S,), positions of the pictures searched; blank ones are not.
        without: int64 (F,), those of them in which no face is found.
        by_class: share without by class; None where nothing was searched.
        error: measured on votes; None without them.
    """

    searched: NDArray[np.int64]
    without: NDArray[np.int64]
    by_class: tuple[float | None, ...]
    error: FaceError | None


def search_faces(
    pictures: Pictures,
    blank: NDArray[np.int64],
    workers: int,
    seed: int,
    progress: Callable[[float], None],
) -> NDArray[np.int64]:
    """Looks for faces.

    Args:
        pictures: the data set.
        blank: positions of blank pictures, which are left out.
        workers: processes.
        seed: draws the sample of photographs.
        progress: called with the share that is done.

    Returns:
        int64 (N,): 1 a face is found, 0 none is, -1 not searched.
    """
    chosen = np.setdiff1d(np.arange(len(pictures)), blank)
    if pictures.files is not None and pictures.files.sizes.max() > SMALL_PX:
        drawn = np.random.default_rng(seed).permutation(chosen)[:MOST_PHOTOS]
        chosen = np.sort(drawn)
    found = np.full(len(pictures), -1, np.int64)
    items = [_material(pictures, index) for index in chosen.tolist()]
    for done, (index, is_found) in enumerate(
        zip(chosen.tolist(), spread(_find_in, items, workers, CHUNK), strict=True),
        start=1,
    ):
        found[index] = is_found
        progress(done / len(chosen))
    return found


def summarize(
    pictures: Pictures, found: NDArray[np.int64], votes: Votes | None
) -> FaceSearch:
    """Counts what `search_faces` has found."""
    searched = found >= 0
    shares: list[float | None] = []
    for label in range(len(pictures.classes)):
        chosen = searched & (pictures.labels == label)
        shares.append(float((found[chosen] == 0).mean()) if chosen.any() else None)
    return FaceSearch(
        np.flatnonzero(searched),
        np.flatnonzero(found == 0),
        tuple(shares),
        None if votes is None else measure_error(found, votes),
    )


def measure_error(found: NDArray[np.int64], votes: Votes) -> FaceError | None:
    """The detector against votes; None where there is no column for no face."""
    if votes.no_face is None:
        return None
    answers = found[votes.positions]
    total = votes.counts.sum(axis=1) + votes.others + votes.no_face
    share = votes.no_face / np.maximum(total, 1)
    faces = answers[(share == 0) & (total > 0) & (answers >= 0)]
    others = answers[(share >= SURE_VOTES) & (answers >= 0)]
    return FaceError(
        len(faces),
        float((faces == 0).mean()) if len(faces) else None,
        len(others),
        float((others == 1).mean()) if len(others) else None,
    )


def _material(pictures: Pictures, index: int) -> UInt8Array | str:
    """The pixels of a small picture, the path of a photograph."""
    if (
        pictures.files is None
        or max(pictures.files.sizes[index]) <= pictures.images.shape[1]
    ):
        return np.asarray(pictures.images[index], np.uint8)
    return str(pictures.files.root / pictures.files.paths[index])


def _find_in(items: Sequence[UInt8Array | str]) -> list[int]:
    """1 where a face is found, 0 where none is, -1 where a file has gone."""
    detector = FaceDetector()
    return [_find_one(detector, item) for item in items]


def _find_one(detector: FaceDetector, item: UInt8Array | str) -> int:
    try:
        pixels = read_picture(item, reduce_to=PHOTO_PX).pixels
    except (ImageError, OSError):
        return -1
    if max(pixels.shape[:2]) > SMALL_PX:
        return int(bool(detector.detect(pixels, "fine")))
    for side, margin in ((FACE_PX, MARGIN_PX), (WIDER_FACE_PX, WIDER_MARGIN_PX)):
        if detector.detect(on_ground(pixels, side, margin), "fast"):
            return 1
    return 0


def on_ground(pixels: UInt8Array, side: int, margin: int) -> UInt8Array:
    """A picture enlarged to a longest side, with a grey margin all round.

    Args:
        pixels: uint8 (H, W, 3), RGB.
        side: longest side of the enlarged picture in pixels.
        margin: on each side, in pixels.

    Returns:
        uint8 (H', W', 3), grey in three channels.
    """
    scale = side / max(pixels.shape[:2])
    width, height = (max(1, round(n * scale)) for n in pixels.shape[1::-1])
    large = resize(to_grey(pixels), width, height, cv2.INTER_CUBIC)
    framed = np.pad(large, margin, constant_values=GROUND)
    return np.repeat(framed[:, :, None], 3, axis=2)
