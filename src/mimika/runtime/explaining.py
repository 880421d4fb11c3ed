"""What in a picture an answer depends on: occlusion sensitivity.

Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks" (2014),
section 4.2: a patch is covered and moved over the picture, and the map says how much
the answer falls. We cover with the picture's mean colour, give each pixel the mean of
all patches that cover it, smooth the steps between them, and measure the log-odds
instead of the probability, which hardly moves where a network is sure.
"""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from mimika.core.preprocess import FloatArray, Images, UInt8Array

PARTS = 3  # the patch's side is the picture's divided by this
PLACES = 7  # across and down
WARM, COLD = (220, 50, 32), (0, 90, 181)  # RGB; told apart with any colour vision
STRONGEST = 0.65  # how much of the picture the strongest colour hides
FAINT = 0.1  # a map whose largest value is less is not blown up
LEAST_SHARE = 1e-6  # keeps the log-odds finite


@dataclass(frozen=True)
class Explanation:
    """How much each part of a crop speaks for a class.

    Attributes:
        label: key of the class.
        probability: its probability with nothing covered.
        crop: uint8 (S, S, 3), RGB, what was classified, in the size of the map.
        map: float32 (S, S), by how much the class's log-odds (nats) fall when the
            place is covered; below 0 where they rise.
    """

    label: str
    probability: float
    crop: UInt8Array
    map: FloatArray

    def overlay(self, side: int = 192) -> UInt8Array:
        """The crop, warm where it speaks for the class and cold where against it.

        Args:
            side: height and width of the result in pixels.

        Returns:
            uint8 (side, side, 3), RGB.
        """
        size = (side, side)
        base = cv2.resize(self.crop, size, interpolation=cv2.INTER_CUBIC)
        values = cv2.resize(self.map, size, interpolation=cv2.INTER_CUBIC)
        strength = values / max(float(np.abs(self.map).max()), FAINT)
        colour = np.where(strength[..., None] > 0, WARM, COLD)
        hidden = STRONGEST * np.abs(strength).clip(max=1)[..., None]
        return (
            np.asarray(base * (1 - hidden) + colour * hidden).round().astype(np.uint8)
        )


def occlusion_map(
    probability: Callable[[Images], FloatArray], crop: UInt8Array
) -> FloatArray:
    """By how much the log-odds fall when parts of a picture are covered.

    Args:
        probability: float32 (N,) for uint8 (N, S, S, 3) pictures.
        crop: uint8 (S, S, 3).

    Returns:
        float32 (S, S).
    """
    side = crop.shape[0]
    patch = max(1, side // PARTS)
    starts = np.linspace(0, side - patch, PLACES).round().astype(int).tolist()
    corners = [(top, left) for top in starts for left in starts]
    covered = np.repeat(crop[None], len(corners) + 1, axis=0)  # the last one stays
    mean = crop.mean(axis=(0, 1)).round().astype(np.uint8)
    for picture, (top, left) in zip(covered, corners, strict=False):
        picture[top : top + patch, left : left + patch] = mean
    shares = probability(covered).astype(np.float64)
    shares = shares.clip(LEAST_SHARE, 1 - LEAST_SHARE)
    answers = np.log(shares / (1 - shares))
    falls = answers[-1] - answers[:-1]
    total, count = np.zeros((2, side, side), np.float32)
    for fall, (top, left) in zip(falls, corners, strict=True):
        total[top : top + patch, left : left + patch] += fall
        count[top : top + patch, left : left + patch] += 1
    smoothed = cv2.GaussianBlur(total / count, (0, 0), patch / 4)
    return np.asarray(smoothed, np.float32)
