"""A drawn face: asymmetric, so that every flip of it can be told from the others."""

import cv2
import numpy as np
import pytest


@pytest.fixture(scope="session")
def face():
    """uint8 (48, 48): a head with eyes, a mouth and one ear, on a darker ground."""
    large = np.full((192, 192), 70, np.uint8)
    cv2.ellipse(large, (96, 100), (60, 78), 0, 0, 360, 190, -1)
    cv2.circle(large, (70, 80), 10, 30, -1)
    cv2.circle(large, (120, 78), 8, 50, -1)
    cv2.ellipse(large, (96, 135), (26, 12), 0, 0, 180, 60, -1)
    cv2.rectangle(large, (152, 85), (166, 120), 230, -1)
    small = cv2.resize(large, (48, 48), interpolation=cv2.INTER_AREA)
    return cv2.GaussianBlur(small, (3, 3), 0.8)
