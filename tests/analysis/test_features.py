import numpy as np
import pytest

from mimika.analysis.features import describe_pictures, oriented_gradients


def silent(share):
    pass


def direct(image):
    """Histograms of oriented gradients, pixel by pixel."""
    x = image.astype(float)
    cells = np.zeros((8, 8, 8))
    for r in range(48):
        for c in range(48):
            dx = x[r, c + 1] - x[r, c - 1] if 0 < c < 47 else 0
            dy = x[r + 1, c] - x[r - 1, c] if 0 < r < 47 else 0
            place = (np.arctan2(dy, dx) % np.pi) / np.pi * 8
            low, size = int(place), np.hypot(dx, dy)
            cells[r // 6, c // 6, low % 8] += size * (1 - (place - low))
            cells[r // 6, c // 6, (low + 1) % 8] += size * (place - low)
    blocks = []
    for r in range(7):
        for c in range(7):
            corners = ((0, 0), (1, 0), (0, 1), (1, 1))
            block = np.concatenate([cells[r + y, c + x_] for y, x_ in corners])
            blocks.append(np.minimum(block / np.sqrt((block**2).sum() + 100), 0.3))
    return np.concatenate(blocks)


def test_histograms_are_those_of_the_definition(drawn):
    found = oriented_gradients(drawn.images[:2])
    assert found.shape == (2, 1568)
    assert found[1] == pytest.approx(direct(drawn.images[1]), abs=2e-3)


def test_a_flat_picture_has_no_gradients():
    assert not oriented_gradients(np.full((1, 48, 48), 90, np.uint8)).any()


def test_larger_pictures_are_reduced_first(drawn):
    large = np.repeat(np.repeat(drawn.images[:1], 2, axis=1), 2, axis=2)
    assert oriented_gradients(large) == pytest.approx(
        oriented_gradients(drawn.images[:1])
    )


@pytest.mark.parametrize("count", [1, 2, 600])
def test_any_number_of_pictures_is_described(drawn, count):
    images = np.resize(drawn.images, (count, 48, 48))
    told = []
    found = describe_pictures(images, 0, told.append)
    assert found.shape[0] == count
    assert np.isfinite(found).all()
    assert told[-1] == 1
