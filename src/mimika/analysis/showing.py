"""What the sections of a report share: tiles of pictures and the classes shown."""

from collections.abc import Iterable, Sequence

import numpy as np

from mimika.analysis.pictures import Pictures
from mimika.core.errors import ImageError
from mimika.reporting.gallery import Tile, data_uri
from mimika.reporting.tables import Cell

MOST_IN_TABLE = 30  # classes in a table
MOST_IN_PLOT = 16  # classes in a plot or a gallery
GREY = "#8a8a8a"


class Showing:
    """Turns positions of pictures into tiles."""

    def __init__(self, pictures: Pictures) -> None:
        self.pictures = pictures

    def tile(self, index: int, *, detail: str = "") -> Tile:
        """A picture with the name of its class."""
        label = int(self.pictures.labels[index])
        return Tile(
            self._encode(index),
            self.pictures.class_name(index),
            detail,
            self.colour(label),
            self.pictures.name(index),
        )

    def tiles(self, positions: Iterable[int]) -> tuple[Tile, ...]:
        """Tiles with the class of each picture."""
        return tuple(self.tile(int(index)) for index in positions)

    def plain_tiles(self, positions: Iterable[int]) -> tuple[Tile, ...]:
        """Tiles without text."""
        return tuple(
            Tile(self._encode(int(index)), hint=self.pictures.name(int(index)))
            for index in positions
        )

    def colour(self, label: int) -> str:
        """The colour of a class; grey for no label."""
        return GREY if label < 0 else self.pictures.classes[label].colour

    def class_cell(self, label: int) -> Cell:
        """A cell with the name and the colour of a class."""
        return Cell(self.pictures.classes[label].name, colour=self.colour(label))

    def _encode(self, index: int) -> str:
        try:
            return data_uri(self.pictures.shown(index))
        except (ImageError, OSError):  # a file that went away since it was read
            return data_uri(self.pictures.images[index])


def chosen_classes(counts: Sequence[int], most: int) -> list[int]:
    """Numbers of the classes to show: all, or the largest and the smallest of many.

    Args:
        counts: pictures by class.
        most: how many at most.

    Returns:
        In the order of the classes where all are shown, else by falling count.
    """
    if len(counts) <= most:
        return list(range(len(counts)))
    order = np.argsort(-np.asarray(counts), kind="stable").tolist()
    half = most // 2
    return [*order[:half], *order[len(order) - (most - half) :]]


def only_some(
    shown: int, of: int, first: str = "largest", last: str = "smallest"
) -> str:
    """A note for a caption where not all classes are shown; else nothing."""
    if shown >= of:
        return ""
    half = shown // 2
    ends = f"the {half} {first} and the {shown - half} {last}"
    return f" Of {of:,} classes {ends} are shown."


def counted(count: int, what: str) -> str:
    """`1 picture is`, `2 pictures are`, `3 classes are`."""
    plural = f"{what}es" if what.endswith("s") else f"{what}s"
    return f"{count:,} {what} is" if count == 1 else f"{count:,} {plural} are"
