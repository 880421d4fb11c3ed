"""Drawn pictures: stripes whose direction is the class, and a few with a purpose."""

import cv2
import numpy as np
import pytest

from mimika.analysis.pictures import Pictures
from mimika.core.tasks import EMOTION
from mimika.data.samples import PUBLIC_TEST, TRAINING


def stripes(rng, label, side=48):
    """uint8 (side, side): soft stripes in the direction of one of seven classes."""
    y, x = np.mgrid[:side, :side]
    angle = np.pi * label / 7
    phase = rng.uniform(0, 2 * np.pi)
    wave = np.sin((x * np.cos(angle) + y * np.sin(angle)) * 48 / side / 2.5 + phase)
    noise = cv2.GaussianBlur(rng.normal(0, 60, (side, side)), (5, 5), 1.5)
    return np.clip(128 + 50 * wave + noise, 0, 255).astype(np.uint8)


def make_pictures(labels, splits=None, seed=0, **changes):
    rng = np.random.default_rng(seed)
    labels = np.asarray(labels, np.int64)
    drawn = [stripes(rng, max(label, 0)) for label in labels]
    values = {
        "images": np.stack(drawn),
        "labels": labels,
        "splits": np.array(splits if splits is not None else [TRAINING] * len(labels)),
        "rows": np.arange(len(labels)),
        "classes": EMOTION.labels,
        "training": TRAINING,
        "source": "drawn",
    }
    return Pictures(**(values | changes))


@pytest.fixture
def draw():
    """Makes a data set of stripes from labels."""
    return make_pictures


@pytest.fixture(scope="session")
def drawn():
    """120 pictures, 90 Training and 30 PublicTest, all classes, no copies."""
    labels = np.arange(120) % 7
    return make_pictures(labels, [TRAINING] * 90 + [PUBLIC_TEST] * 30)


@pytest.fixture
def save():
    """Saves a drawn photograph under a path, its folders made as needed."""

    def write(path, label=0, size=(60, 80), seed=0):
        path.parent.mkdir(parents=True, exist_ok=True)
        rng = np.random.default_rng((seed, label, len(str(path))))
        grey = cv2.resize(stripes(rng, label, 64), size)
        colour = np.stack([grey, grey // 2, 255 - grey], axis=-1)
        done, data = cv2.imencode(path.suffix, colour)
        assert done
        path.write_bytes(data.tobytes())  # OpenCV cannot write some unicode paths
        return path

    return write
