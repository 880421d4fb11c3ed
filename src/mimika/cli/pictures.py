"""Pictures that are named on a command line: what to read, and where to save."""

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from mimika.core.errors import InputError
from mimika.core.images import DEFAULT_LIMITS, EXTENSIONS
from mimika.core.preprocess import UInt8Array

STDIN = "-"
JPEG_EXTENSIONS = (".jpg", ".jpeg")
JPEG_QUALITY = 92


@dataclass(frozen=True)
class Source:
    """A picture that was asked for.

    Attributes:
        name: what to call it in tables and messages.
        content: its path, its bytes where it came through standard input, or why there
            is nothing to read.
    """

    name: str
    content: Path | bytes | OSError | InputError

    @property
    def file_name(self) -> str:
        """Its name without folders, for a file made from it."""
        return self.content.name if isinstance(self.content, Path) else "stdin"


def collect(arguments: Iterable[str]) -> list[Source]:
    """Pictures named by arguments: files, folders, and `-` for standard input.

    Of a folder, the files with a picture's extension are taken, sorted by name; hidden
    files and the folders inside it are not.
    """
    return [source for argument in arguments for source in _expand(argument)]


def save_picture(pixels: UInt8Array, source: Source, folder: Path) -> Path:
    """Saves a picture under the name of its source with `_faces` added.

    A JPEG becomes a JPEG, anything else a PNG. A file that exists is never written
    over: the new one gets a number. It appears under its name when it is complete.

    Args:
        pixels: uint8 (H, W, 3), RGB, 0..255.
        source: the picture that it was made from.
        folder: an existing folder.

    Returns:
        The path of the file.

    Raises:
        OSError: it cannot be written.
    """
    name = Path(source.file_name)
    is_jpeg = name.suffix.lower() in JPEG_EXTENSIONS
    target = _reserve(folder, f"{name.stem}_faces", ".jpg" if is_jpeg else ".png")
    temporary = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        options = {"quality": JPEG_QUALITY} if is_jpeg else {}
        format_name = "JPEG" if is_jpeg else "PNG"
        Image.fromarray(pixels).save(temporary, format_name, **options)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        target.unlink(missing_ok=True)
        raise
    return target


def _expand(argument: str) -> list[Source]:
    if argument == STDIN:
        # One byte more than is accepted, so that the limit is noticed.
        data = sys.stdin.buffer.read(DEFAULT_LIMITS.max_bytes + 1)
        return [Source("standard input", data)]
    path = Path(argument)
    if not path.is_dir():
        return [Source(argument, path)]
    try:
        files = sorted(file for file in path.iterdir() if _is_picture(file))
    except OSError as error:
        return [Source(argument, error)]
    if not files:
        kinds = ", ".join(EXTENSIONS)
        empty = InputError(
            f"no pictures in this folder; expected files that end in {kinds} "
            "(folders inside it are not searched)"
        )
        return [Source(argument, empty)]
    return [Source(str(file), file) for file in files]


def _is_picture(file: Path) -> bool:
    visible = not file.name.startswith(".")
    return visible and file.suffix.lower() in EXTENSIONS and not file.is_dir()


def _reserve(folder: Path, stem: str, extension: str) -> Path:
    """Creates an empty file under the first of the names that is free."""
    number = 1
    while True:
        suffix = "" if number == 1 else f"-{number}"
        path = folder / f"{stem}{suffix}{extension}"
        try:
            path.touch(exist_ok=False)
        except FileExistsError:
            number += 1
        else:
            return path
