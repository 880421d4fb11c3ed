"""The pictures that are analysed: any data set in the form that the steps share."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from mimika.core.images import read_picture
from mimika.core.preprocess import UInt8Array, resize
from mimika.core.tasks import Label
from mimika.data.samples import TRAINING, UNLABELLED, BadRow, Samples

SHOWN_PX = 112  # longest side of a photograph in a gallery


@dataclass(frozen=True)
class Files:
    """What is known of pictures that lie in a folder as files.

    Attributes:
        root: the folder.
        paths: of each picture, below `root`.
        sizes: int64 (N, 2), width and height in pixels, upright.
        modes: str (N,), Pillow's name of the colour mode: `L`, `RGB`, `RGBA`, `CMYK`.
        formats: str (N,), `JPEG`, `PNG`, `WEBP` or `BMP`.
        sharpness: float64 (N,), see `sharpness.sharpness_of`, of the picture reduced
            to a longest side of 512 pixels.
        colours: float16 (N, 144), see `colours.colours_of`.
        other_files: how many files were no pictures by their names.
    """

    root: Path
    paths: tuple[str, ...]
    sizes: NDArray[np.int64]
    modes: NDArray[np.str_]
    formats: NDArray[np.str_]
    sharpness: NDArray[np.float64]
    colours: NDArray[np.float16]
    other_files: int = 0


@dataclass(frozen=True)
class Pictures:
    """A data set as it is analysed.

    Attributes:
        images: uint8 (N, S, S), grey, 0..255; reduced where they are photographs.
        labels: int64 (N,), 0..K-1, or `UNLABELLED`.
        splits: str (N,).
        rows: int64 (N,), where each stood in its source.
        classes: names and colours.
        training: the split that the others are compared with.
        source: what was read.
        broken: what could not be read, and why.
        files: sizes, modes and paths; None where the pictures were in a table.
    """

    images: UInt8Array
    labels: NDArray[np.int64]
    splits: NDArray[np.str_]
    rows: NDArray[np.int64]
    classes: tuple[Label, ...]
    training: str
    source: str
    broken: tuple[BadRow, ...] = ()
    files: Files | None = None

    def __len__(self) -> int:
        """The number of pictures."""
        return len(self.images)

    @property
    def labelled(self) -> NDArray[np.bool_]:
        """Which pictures have a label: bool (N,)."""
        return np.asarray(self.labels != UNLABELLED)

    @property
    def split_names(self) -> tuple[str, ...]:
        """The splits, the training split first, the others as they come."""
        names = list(dict.fromkeys(self.splits.tolist()))
        return tuple(sorted(names, key=lambda name: name != self.training))

    @property
    def class_counts(self) -> list[int]:
        """Labelled pictures by class, over all splits."""
        counts = np.bincount(self.labels[self.labelled], minlength=len(self.classes))
        return [int(count) for count in counts]

    def name(self, index: int) -> str:
        """What to call a picture: its path, or its split and row."""
        if self.files is not None:
            return self.files.paths[index]
        return f"{self.splits[index]} {self.rows[index]}"

    def class_name(self, index: int) -> str:
        """The display name of a picture's class."""
        label = int(self.labels[index])
        return "no label" if label == UNLABELLED else self.classes[label].name

    def pixels(self, index: int, longest: int) -> UInt8Array:
        """A picture to look at: uint8 (H, W) grey or (H, W, 3) RGB.

        A photograph is read again from its file, as the reduced one is too small.

        Args:
            index: which.
            longest: a photograph is reduced to this longest side in pixels.
        """
        if self.files is None:
            return np.asarray(self.images[index], np.uint8)
        path = self.files.root / self.files.paths[index]
        pixels = read_picture(path, reduce_to=longest).pixels
        return fit_within(pixels, longest)

    def shown(self, index: int) -> UInt8Array:
        """A picture in the size of the galleries."""
        return self.pixels(index, SHOWN_PX)


def from_samples(samples: Samples, classes: tuple[Label, ...]) -> Pictures:
    """A data set that `data.reading` has read."""
    return Pictures(
        samples.images,
        samples.labels,
        samples.splits,
        samples.rows,
        classes,
        TRAINING,
        samples.source,
        samples.skipped,
    )


def fit_within(pixels: UInt8Array, longest: int) -> UInt8Array:
    """A picture reduced, where it is larger, to a longest side in pixels."""
    height, width = pixels.shape[:2]
    scale = longest / max(height, width)
    if scale >= 1:
        return pixels
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return resize(pixels, *size, cv2.INTER_LINEAR)
