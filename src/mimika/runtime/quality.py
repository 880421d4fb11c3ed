"""Whether a face can be seen well enough for an answer to mean much.

The limits are where accuracy on FER2013 falls by ten points for a network that has
learned from blurred faces as well (`python benchmarks/quality.py`), and for turned
heads where the far eye goes out of sight.
"""

import cv2
import numpy as np

from mimika.core.preprocess import FloatArray, UInt8Array, resize, to_grey
from mimika.core.results import FaceWarning

LEAST_PX = 22  # side of a square with the area of the face
JUDGED_PX = 48  # sharpness is judged at the size that networks for faces see
LEAST_SHARPNESS = 0.03
LEAST_VARIANCE = 25.0  # grey levels squared: an empty picture is not divided by nothing
# Nose from the middle between the eyes, in distances of the eyes. On a head with the
# nose 0.6 distances of the eyes in front of them it is 0.6 times the tangent of the
# turn: 45 degrees.
MOST_TURNED = 0.6


def warnings_of(
    crop: UInt8Array, side_px: float, landmarks: FloatArray
) -> tuple[FaceWarning, ...]:
    """Why the answer about a face may mean little.

    Args:
        crop: uint8 (H, W, 3), RGB, what is classified.
        side_px: side of a square with the face's area, in pixels of the original.
        landmarks: float32 (5, 2), eyes, nose and corners of the mouth, the person's
            right one first.
    """
    found: list[FaceWarning] = []
    if side_px < LEAST_PX:
        found.append("small")
    elif sharpness_of(crop) < LEAST_SHARPNESS:
        found.append("blurred")
    if turned_share(landmarks) > MOST_TURNED:
        found.append("turned")
    return tuple(found)


def sharpness_of(crop: UInt8Array) -> float:
    """Variance of the Laplacian as a share of the variance of the grey levels.

    The measure of Pech-Pacheco et al., "Diatom autofocusing in brightfield microscopy"
    (2000), made independent of the contrast.

    Args:
        crop: uint8 (H, W) grey or (H, W, 3) RGB, of any size.
    """
    grey = to_grey(crop)
    if max(grey.shape) > JUDGED_PX:
        grey = resize(grey, JUDGED_PX, JUDGED_PX, cv2.INTER_LINEAR)
    edges = np.asarray(cv2.Laplacian(grey, cv2.CV_32F))
    return float(edges.var() / max(float(grey.var()), LEAST_VARIANCE))


def turned_share(landmarks: FloatArray) -> float:
    """How far the nose is from the middle between the eyes, in distances of the eyes.

    Measured along the line through the eyes; 0 for a face that looks at the camera.
    """
    right_eye, left_eye, nose = landmarks[:3]
    across = left_eye - right_eye
    length = float(np.linalg.norm(across))
    if not length:
        return float("inf")
    offset = float((nose - (right_eye + left_eye) / 2) @ across)
    return abs(offset) / length**2
