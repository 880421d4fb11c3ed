"""How far accuracy falls where a face is small, blurred, turned or framed otherwise.

    python benchmarks/quality.py ../shared/data/fer2013/fer2013.parquet [--model FILE]

Pictures of PublicTest, changed one way at a time; the source of the limits in
`mimika.runtime.quality`. Sharpness is the measure of that module: its 5th, 50th and
95th percentile, and the share of pictures that would be called blurred.
"""

from collections.abc import Callable, Iterator
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray
from pasted import asked_for

from mimika.runtime.quality import LEAST_SHARPNESS, sharpness_of

Picture = NDArray[np.uint8]
Change = Callable[[Picture], Picture]


def main() -> None:
    """Prints a line for each change."""
    faces, analyzer = asked_for(__doc__)
    print(f"{'':16} {'accuracy':>9}  {'sharpness':>24} {'blurred':>8}")
    for name, change in changes():
        images = np.stack([change(picture) for picture in faces.images])
        right = analyzer.classify(images).argmax(axis=1) == faces.labels
        sharp = np.array([sharpness_of(image) for image in images])
        spread = " ".join(f"{v:7.4f}" for v in np.percentile(sharp, [5, 50, 95]))
        share = (sharp < LEAST_SHARPNESS).mean()
        print(f"{name:16} {right.mean():9.4f}  {spread:>24} {share:8.3f}")


def changes() -> Iterator[tuple[str, Change]]:
    """What is done to a picture, by name."""
    yield "as it is", lambda picture: picture
    for side in (40, 32, 24, 20, 16, 12):
        yield f"{side} px", partial(through, side=side)
    for sigma in (0.6, 1.0, 1.5, 2.0, 3.0):
        yield f"blurred by {sigma:g}", partial(blurred, sigma=sigma)
    for zoom in (0.8, 0.9, 1.1, 1.25):
        yield f"zoomed by {zoom:g}", partial(warped, zoom=zoom, degrees=0)
    for degrees in (10, 20, 30, 45):
        yield f"turned by {degrees}", partial(warped, zoom=1, degrees=degrees)


def through(picture: Picture, side: int) -> Picture:
    """Reduced to a side in pixels, and enlarged again."""
    small = cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA)
    size = picture.shape[::-1]
    return np.asarray(cv2.resize(small, size, interpolation=cv2.INTER_LINEAR), np.uint8)


def blurred(picture: Picture, sigma: float) -> Picture:
    """Blurred by a Gaussian of this deviation in pixels."""
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.uint8)


def warped(picture: Picture, zoom: float, degrees: float) -> Picture:
    """Zoomed and turned about the middle; the edge is repeated."""
    middle = ((picture.shape[1] - 1) / 2, (picture.shape[0] - 1) / 2)
    matrix = cv2.getRotationMatrix2D(middle, degrees, zoom)
    found = cv2.warpAffine(
        picture,
        matrix,
        picture.shape[::-1],
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(found, np.uint8)


if __name__ == "__main__":
    main()
