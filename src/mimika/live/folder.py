"""A folder of frames as a source, as `ffmpeg -i film.mp4 frames/%05d.png` makes one."""

import re
from pathlib import Path

from mimika.core.errors import ImageError, SourceError
from mimika.core.images import EXTENSIONS, read_picture
from mimika.live.frames import Frame

FRAMES_PER_S = 30.0


def in_order(names: list[str]) -> list[str]:
    """The names as people count: `frame2` stands before `frame10`."""

    def key(name: str) -> list[tuple[bool, int, str]]:
        parts = re.findall(r"([0-9]+)|([^0-9]+)", name)
        return [(not digits, int(digits or 0), other) for digits, other in parts]

    return sorted(names, key=lambda name: (key(name), name))


class Folder:
    """The pictures of a folder in the order of their names; a `Source` that waits.

    Attributes:
        title: name of the folder.
        paced: it waits.
    """

    paced = False

    def __init__(self, folder: Path, frames_per_s: float = FRAMES_PER_S) -> None:
        """Looks what is in the folder.

        Args:
            folder: files that are no pictures, hidden ones and folders are left out.
            frames_per_s: how many of them make a second.

        Raises:
            SourceError: it has no pictures, or cannot be read.
        """
        self.title = folder.name or str(folder)
        self._folder, self._frames_per_s = folder, frames_per_s
        try:
            names = [file.name for file in folder.iterdir() if _is_picture(file)]
        except OSError as error:
            raise SourceError(
                f"{folder}: cannot look into this folder ({error.strerror}); name one "
                "that you may read"
            ) from error
        if not names:
            raise SourceError(
                f"{folder}: no pictures in this folder; expected frames that end in "
                f"{', '.join(EXTENSIONS)}"
            )
        self._names = in_order(names)
        self._index = 0
        self._shape: tuple[int, ...] | None = None

    def read(self) -> Frame | None:
        """The next picture, or None after the last one.

        Raises:
            SourceError: it cannot be read, or has another size than the first.
        """
        if self._index >= len(self._names):
            return None
        path = self._folder / self._names[self._index]
        try:
            pixels = read_picture(path).pixels
        except (ImageError, OSError) as error:
            raise SourceError(f"{path}: {error}") from error
        self._shape = self._shape or pixels.shape
        if pixels.shape != self._shape:
            raise SourceError(
                f"{path}: {pixels.shape[1]} x {pixels.shape[0]} pixels, but the first "
                f"frame has {self._shape[1]} x {self._shape[0]}; all frames of a "
                "folder have to have one size"
            )
        frame = Frame(pixels, self._index / self._frames_per_s, self._index)
        self._index += 1
        return frame

    def close(self) -> None:
        """Gives no more frames."""
        self._names = []


def _is_picture(file: Path) -> bool:
    visible = not file.name.startswith(".")
    return visible and file.suffix.lower() in EXTENSIONS and file.is_file()
