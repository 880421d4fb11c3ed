"""The square around a detected face that the classifier sees.

A classifier trained on FER2013 knows faces framed as FER2013 frames them. Where the
detector's box lies in those pictures was measured with `python benchmarks/framing.py`;
the constants turn a box back into such a frame.
"""

import math

import cv2
import numpy as np

from mimika.core.preprocess import FloatArray, UInt8Array

Rectangle = tuple[float, float, float, float]

# Side of the square as a multiple of the root of the box's area, which varies less
# from picture to picture than the box's width and height do: median 1.105, quartiles
# 1.01 and 1.20, over 3,537 detections. A square a little closer than the median is
# answered best (`python benchmarks/pasted.py`). The medians of the offsets are under
# 0.01 of the box's sides, so the square has the box's centre.
SIDE = 1.07
# How FER2013 would have framed a face is not known better than these quartiles: where
# there is time, a closer view and a wider one, which is mirrored as well, are answered
# and the mean taken. That gives 0.5 to 1.1 points (the same benchmark).
CLOSER, WIDER = 0.92, 1.08  # of SIDE
# Nine heads in ten of FER2013 lean less than 12 degrees. Straightening those that lean
# more costs nothing on upright pictures and gives 3 points of accuracy on pictures
# turned by 15 degrees, 4 by 25, 7 by 35 (`python benchmarks/pasted.py`).
LEAST_TILT_DEGREES = 10


def tilt_of(landmarks: FloatArray) -> float:
    """How far a head leans to the right as seen, in degrees, over -180 to 180.

    Args:
        landmarks: float32 (5, 2), the person's right eye first, then the left one.
    """
    across, down = (landmarks[1] - landmarks[0]).tolist()
    return math.degrees(math.atan2(down, across))


def two_views(
    pixels: UInt8Array, box: Rectangle, tilt_degrees: float = 0.0
) -> tuple[UInt8Array, UInt8Array]:
    """A closer view of a face, and a wider one of its mirror image.

    Args and shapes: as `face_crop`.
    """
    closer = face_crop(pixels, box, tilt_degrees, CLOSER)
    wider = face_crop(pixels, box, tilt_degrees, WIDER)
    return closer, np.ascontiguousarray(wider[:, ::-1])


def face_crop(
    pixels: UInt8Array,
    box: Rectangle,
    tilt_degrees: float = 0.0,
    scale: float = 1.0,
) -> UInt8Array:
    """Cuts out the square around a face, upright where the head leans far.

    Where the square leaves the picture, the picture's edge is repeated: the face keeps
    the place and the size in the frame at which the classifier expects it, which moving
    or shrinking the square would not, and no hard black border appears.

    Args:
        pixels: uint8 (H, W, 3), RGB, 0..255.
        box: x, y, width and height of the detector's box in pixels, inside the picture.
        tilt_degrees: how far the head leans to the right as seen.
        scale: how much wider than usual the square is; under 1 it is closer.

    Returns:
        uint8 (side, side, 3), RGB.
    """
    side = max(1, round(math.sqrt(box[2] * box[3]) * SIDE * scale))
    left, top = _corner(box, side)
    quarters = round(tilt_degrees / 90)
    rest = tilt_degrees - 90 * quarters
    if abs(rest) < LEAST_TILT_DEGREES:
        upright = _square(pixels, left, top, side)
        return np.ascontiguousarray(np.rot90(upright, quarters))
    # Whole pixels and degrees: a network that answers in int8 would otherwise tell the
    # last bits of a detector on one processor from those on another.
    middle = (side - 1) / 2  # pixels' middles are whole numbers
    centre = (left + middle, top + middle)
    turn = np.asarray(cv2.getRotationMatrix2D(centre, round(tilt_degrees), 1))
    turn[:, 2] -= (left, top)
    straight = cv2.warpAffine(
        pixels, turn, (side, side), borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(straight, np.uint8)


def _corner(box: Rectangle, side: int) -> tuple[int, int]:
    """Left and top of the square of that side around the box's centre."""
    x, y, w, h = box
    return round(x + w / 2 - side / 2), round(y + h / 2 - side / 2)


def _square(pixels: UInt8Array, left: int, top: int, side: int) -> UInt8Array:
    """The square of that side as it lies in the picture."""
    height, width = pixels.shape[:2]
    inner = pixels[max(top, 0) : top + side, max(left, 0) : left + side]
    before = (max(-top, 0), max(-left, 0))
    after = (max(top + side - height, 0), max(left + side - width, 0))
    if not any(before + after):
        return inner
    margins = (before[0], after[0], before[1], after[1])
    return np.asarray(cv2.copyMakeBorder(inner, *margins, cv2.BORDER_REPLICATE))
