"""Where the face detector's box lies in FER2013's pictures.

    python benchmarks/framing.py ../shared/data/fer2013/fer2013.parquet

Pictures of PublicTest are pasted in the middle of a larger canvas at two and at four
times their size, and the detector looks for the face. The medians printed at the end
are the constants of `mimika.runtime.framing`: how long the picture's side is in heights
of the box, and how far its middle is from the box's, in widths and heights of the box.
Canvas and scale are not part of FER2013; the two scales and three greys agree.
"""

import argparse
import io
from pathlib import Path

import cv2
import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray
from PIL import Image

from mimika.runtime.faces import FaceDetector

MARGIN = 1.0  # of canvas on each side, in sides of the picture


def main() -> None:
    """Prints the medians and quartiles for each scale and grey, and of all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parquet", type=Path)
    parser.add_argument("--pictures", type=int, default=400)
    arguments = parser.parse_args()
    pictures = read_public_test(arguments.parquet, arguments.pictures)
    detector = FaceDetector()
    together = []
    for scale in (2, 4):
        for grey in (0, 128, 255):
            found = [measure(p, scale, grey, detector) for p in pictures]
            rows = np.array([row for row in found if row is not None])
            together.append(rows)
            report(f"{scale}x on {grey:3d}", rows, len(pictures))
    report("all", np.concatenate(together), 6 * len(pictures))


def read_public_test(path: Path, most: int) -> list[NDArray[np.uint8]]:
    """Pictures spread evenly over PublicTest, uint8 (48, 48)."""
    table = pq.read_table(path, columns=["usage", "image"])
    usage = np.array(table["usage"].to_pylist())
    rows = np.flatnonzero(usage == "PublicTest")
    chosen = rows[np.linspace(0, len(rows) - 1, most).astype(int)]
    cells = table["image"].take(chosen).to_pylist()
    return [np.asarray(Image.open(io.BytesIO(cell)).convert("L")) for cell in cells]


def measure(
    picture: NDArray[np.uint8], scale: int, grey: int, detector: FaceDetector
) -> tuple[float, ...] | None:
    """Side by three measures of the box, and offsets; None where no face is found."""
    side = len(picture) * scale
    margin = round(side * MARGIN)
    big = cv2.resize(picture, (side, side), interpolation=cv2.INTER_CUBIC)
    canvas = np.full((side + 2 * margin,) * 2, grey, np.uint8)
    canvas[margin : margin + side, margin : margin + side] = big
    faces = detector.detect(np.repeat(canvas[:, :, None], 3, axis=2), "fine")
    if not faces:
        return None
    x, y, w, h = max(faces, key=lambda face: face.score).box
    middle = canvas.shape[0] / 2
    right, down = (middle - x - w / 2) / w, (middle - y - h / 2) / h
    return side / h, side / w, side / np.sqrt(w * h), right, down


def report(name: str, rows: NDArray[np.float64], tried: int) -> None:
    """Prints how many faces were found and the quartiles of what was measured."""
    names = ("side/h", "side/w", "side/sqrt(wh)", "right/w", "down/h")
    quartiles = np.percentile(rows, [25, 50, 75], axis=0).T
    print(f"{name}: {len(rows)} of {tried} found")
    for what, (low, middle, high) in zip(names, quartiles, strict=True):
        print(f"  {what:14} {middle:6.3f} ({low:.3f}..{high:.3f})")


if __name__ == "__main__":
    main()
