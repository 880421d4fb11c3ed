"""Sharpness: the spread of a picture's second derivative.

The variance of the Laplacian of Pech-Pacheco et al., "Diatom autofocusing in
brightfield microscopy" (2000), as a standard deviation: then it is in grey levels.
"""

import cv2
import numpy as np

from mimika.core.preprocess import UInt8Array


def sharpness_of(grey: UInt8Array) -> float:
    """Standard deviation of the Laplacian in grey levels.

    Args:
        grey: uint8 (H, W). Compare pictures of one size only.
    """
    return float(np.sqrt(cv2.Laplacian(grey, cv2.CV_32F).var()))
