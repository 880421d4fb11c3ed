"""A drawn data set of small and large machine parts, in which size is the label.

As people have it: a camera at a fixed distance above a workbench, and photographs cut
out by hand around one part each, some closer and some wider. A picture of a small part
has fewer pixels than one of a large part, and stretched to the same square the two look
alike. Nothing else is meant to tell them apart: both classes have the same mix of
kinds, proportions, surfaces, light, margins and clutter (`drawing_scene` does not know
the class), and the large parts' threads and bevels are those of the small ones,
enlarged. The grain of a real bench, or a real screw beside the part, would say how
large it is; here they are of every size, in fractions of the picture.

What still tells a little, as in photographs, is what the camera adds to every pixel:
its blur, its noise and JPEG are the same pixels wide in a small picture as in a large
one, and shrinking hides them in the large one. With fewer pixels for each millimetre,
so that small pictures have to be enlarged, it told more.
"""

import csv
import io
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from mimika.core.errors import DataError
from mimika.core.preprocess import UInt8Array
from mimika.data.drawing_scene import cut_out, draw_scene
from mimika.data.drawing_shapes import KINDS

PX_PER_MM = 16  # a camera of 12 megapixels about a third of a metre above the bench
QUALITY = 94  # of JPEG
# label: least and greatest length of a part's longest side in millimetres
SIZES_MM = {"small": (12.0, 20.0), "large": (28.0, 44.0)}
SETS = ("train", "test")
LIST, NOTE = "parts.csv", "README.txt"


@dataclass(frozen=True)
class DrawnPart:
    """One picture of the set.

    Attributes:
        path: where it lies in the set's folder.
        label: `small` or `large`.
        kind: what it shows, a key of `drawing_shapes.KINDS`.
        size_mm: length of the part's longest side.
        seed: of the picture; the same gives the same picture.
    """

    path: str
    label: str
    kind: str
    size_mm: float
    seed: tuple[int, ...]


def plan(seed: int, counts: dict[str, int]) -> list[DrawnPart]:
    """What is to be drawn.

    The first pictures of a larger set are those of a smaller one. Two that follow each
    other are of one kind, a small and a large one.

    Args:
        seed: 0 or more.
        counts: how many pictures each of `SETS` has.
    """
    return [
        _planned((seed, number, place), name, place)
        for number, name in enumerate(SETS)
        for place in range(counts.get(name, 0))
    ]


def _planned(seed: tuple[int, ...], name: str, place: int) -> DrawnPart:
    label = tuple(SIZES_MM)[place % 2]
    kind = tuple(KINDS)[place // 2 % len(KINDS)]
    size_mm = float(np.random.default_rng((*seed, 0)).uniform(*SIZES_MM[label]))
    path = f"{name}/{label}/{name}-{place + 1:04}.jpg"
    return DrawnPart(path, label, kind, round(size_mm, 1), seed)


def draw_part(part: DrawnPart) -> UInt8Array:
    """A picture, uint8 (H, W, 3), RGB; each millimetre has `PX_PER_MM` pixels."""
    rng = np.random.default_rng((*part.seed, 1))
    shape = KINDS[part.kind](rng)
    frame = cut_out(shape, part.size_mm * PX_PER_MM, rng)
    return draw_scene(shape, frame, rng)


def check_out(out: Path) -> None:
    """Refuses a place where something lies.

    Raises:
        DataError: a file or a folder that is not empty.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        what = "is a folder with files in it" if out.is_dir() else "is a file"
        raise DataError(
            f"{out}: {what}; expected a new or an empty folder, so that nothing of "
            "yours is replaced: name another"
        )


def write_parts(
    out: Path,
    seed: int,
    counts: dict[str, int],
    progress: Callable[[int, int], None] = lambda done, all_: None,
) -> list[DrawnPart]:
    """Draws a set into a folder; all of it, or nothing is there.

    Args:
        out: the folder, new or empty.
        seed: of the set.
        counts: how many pictures each of `SETS` has.
        progress: is told how many pictures are done, of how many.

    Returns:
        What was drawn.

    Raises:
        DataError: see `check_out`.
        OSError: the folder cannot be written.
    """
    check_out(out)
    parts = plan(seed, counts)
    out = out.absolute()
    out.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    try:
        partial.chmod(0o755)
        for done, data in enumerate(_files(parts)):
            progress(done, len(parts))
            target = partial / parts[done].path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        progress(len(parts), len(parts))
        (partial / LIST).write_text(_list(parts), encoding="utf-8")
        (partial / NOTE).write_text(_note(seed, counts), encoding="utf-8")
        if out.exists():
            out.rmdir()
        partial.rename(out)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return parts


def _files(parts: list[DrawnPart]) -> Iterator[bytes]:
    for part in parts:
        file = io.BytesIO()
        Image.fromarray(draw_part(part)).save(file, "JPEG", quality=QUALITY)
        yield file.getvalue()


def _list(parts: list[DrawnPart]) -> str:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["path", "label", "kind", "size_mm"])
    rows.writerows([p.path, p.label, p.kind, p.size_mm] for p in parts)
    return text.getvalue()


def _note(seed: int, counts: dict[str, int]) -> str:
    small, large = (f"{low:g} to {high:g} mm" for low, high in SIZES_MM.values())
    options = " ".join(f"--{name} {counts.get(name, 0)}" for name in SETS)
    return (
        "Small and large machine parts on a workbench.\n"
        "\n"
        "These pictures are drawn, not photographed. This draws the same again:\n"
        f"  mimika draw-parts OUT --seed {seed} {options}\n"
        "\n"
        f"small: the longest side of the part measures {small}\n"
        f"large: {large}\n"
        f"Every picture has {PX_PER_MM} pixels for each millimetre and was cut out "
        "around its part.\n"
        f"{LIST} says what each picture shows and how long its part is.\n"
    )
