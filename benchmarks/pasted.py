"""What the way from a photograph to a face costs in accuracy.

    python benchmarks/pasted.py ../shared/data/fer2013/fer2013.parquet [--model FILE]

Pictures of PublicTest are set into a larger grey canvas at 1, 2 and 4 times their size,
and at 2 times also turned; the face is looked for, cut out and classified. Compared is
with the same pictures classified directly, over those in which a face was found; and
with the picture cut out of the canvas just where it was set, which leaves what scaling
alone costs: the rest is framing.
"""

import argparse
import io
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray
from PIL import Image

from mimika.runtime.pipeline import Analyzer, load_analyzer

MARGIN = 1.0  # of canvas on each side, in sides of the picture
COLUMNS = ("found", "direct", "pasted", "points", "framed")
VIEWS = ((1, 0), (2, 0), (4, 0), (2, 15), (2, 30), (2, 90))  # scale, degrees


@dataclass(frozen=True)
class Faces:
    """Labelled pictures of faces.

    Attributes:
        images: uint8 (N, 48, 48).
        labels: int64 (N,).
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]


def main() -> None:
    """Prints a line for each way of pasting."""
    faces, analyzer = asked_for(__doc__)
    direct = analyzer.classify(faces.images).argmax(axis=1) == faces.labels
    print(f"{'':18}" + "".join(f"{name:>8}" for name in COLUMNS))
    for scale, degrees in VIEWS:
        found, right = whole_way(analyzer, faces, scale, degrees)
        before, after = direct[found].mean(), right[found].mean()
        name = f"{scale}x" + (f", turned by {degrees}" if degrees else "")
        points = 100 * (after - before)
        figures = f"{found.mean():8.3f}{before:8.4f}{after:8.4f}{points:+8.2f}"
        framed = cut_out_exactly(analyzer, faces, scale)[found].mean()
        print(f"{name:18}{figures}" + ("" if degrees else f"{framed:8.4f}"))


def asked_for(description: str | None) -> tuple[Faces, Analyzer]:
    """The pictures and the model that the command line names."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("parquet", type=Path)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--pictures", type=int, default=3589)
    asked = parser.parse_args()
    return read_public_test(asked.parquet, asked.pictures), load_analyzer(asked.model)


def read_public_test(path: Path, most: int) -> Faces:
    """Pictures spread evenly over PublicTest."""
    table = pq.read_table(path, columns=["usage", "emotion", "image"])
    rows = np.flatnonzero(np.array(table["usage"].to_pylist()) == "PublicTest")
    chosen = rows[np.linspace(0, len(rows) - 1, min(most, len(rows))).astype(int)]
    cells = table["image"].take(chosen).to_pylist()
    images = [np.asarray(Image.open(io.BytesIO(cell)).convert("L")) for cell in cells]
    return Faces(np.stack(images), np.array(table["emotion"].take(chosen)))


def whole_way(
    analyzer: Analyzer, faces: Faces, scale: int, degrees: float
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """In which pictures a face was found, and which of these were classified right."""
    random = np.random.default_rng(0)
    keys = analyzer.task.keys
    found = np.zeros(len(faces.images), bool)
    right = np.zeros(len(faces.images), bool)
    for i, image in enumerate(faces.images):
        canvas = pasted(image, scale, degrees, int(random.integers(0, 256)))
        answer = analyzer.analyze(canvas)
        if answer.faces:
            best = max(answer.faces, key=lambda face: face.score)
            found[i] = True
            right[i] = keys.index(best.label) == faces.labels[i]
    return found, right


def cut_out_exactly(analyzer: Analyzer, faces: Faces, scale: int) -> NDArray[np.bool_]:
    """Which pictures are classified right after they were only scaled."""
    return np.array(
        [
            analyzer.classify(enlarged(image, scale)[None]).argmax() == label
            for image, label in zip(faces.images, faces.labels, strict=True)
        ]
    )


def enlarged(image: NDArray[np.uint8], scale: int) -> NDArray[np.uint8]:
    """uint8 (scale * H, scale * W)."""
    side = len(image) * scale
    big = cv2.resize(image, (side, side), interpolation=cv2.INTER_CUBIC)
    return np.asarray(big, np.uint8)


def pasted(
    image: NDArray[np.uint8], scale: int, degrees: float, grey: int
) -> NDArray[np.uint8]:
    """uint8 (H, W): the picture in the middle of a canvas, turned to the left."""
    big = enlarged(image, scale)
    side = len(big)
    margin = round(side * MARGIN)
    canvas = np.full((side + 2 * margin,) * 2, grey, np.uint8)
    canvas[margin : margin + side, margin : margin + side] = big
    if not degrees:
        return canvas
    whole = canvas.shape[0]
    turn = cv2.getRotationMatrix2D(((whole - 1) / 2, (whole - 1) / 2), degrees, 1)
    turned = cv2.warpAffine(canvas, turn, (whole, whole), flags=cv2.INTER_CUBIC)
    return np.asarray(turned, np.uint8)


if __name__ == "__main__":
    main()
