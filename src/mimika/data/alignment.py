"""Lays one picture over another: where is the same detail, and how alike is it there?

Lucas and Kanade, "An iterative image registration technique" (1981), for shift and
zoom, in the form of Evangelidis and Psarakis, "Parametric image alignment using
enhanced correlation coefficient maximization" (2008), section 3: brightness and
contrast do not matter. One step is a least-squares fit of the target by the picture
and its derivatives, so the same fit on low frequencies tells beforehand, at a
thirtieth of the work, how alike two pictures can become (the tangent distance of
Simard, LeCun and Denker, 1993). Here for many pairs at once.

Checked on pictures that were shifted and zoomed by known amounts.
"""

import numpy as np

from mimika.core.preprocess import FloatArray
from mimika.data.frequencies import band, cosines, sampling, unit

WINDOW = 40  # pixels a side of what is compared; the rest is margin to move in
STEPS = 4
HOPELESS = 0.12  # under the threshold after two steps: no further steps
FARTHEST = np.array([3.0, 3.0, 0.12], np.float32)  # pixels, pixels, relative zoom
RIDGE = 1e-4  # keeps the fit sound where a picture does not change along an axis
FINE_FREQUENCIES = 25
COARSEST_DETAIL = 8  # sum of frequencies from which on it is detail, not shape


def windows(images: FloatArray, place: FloatArray) -> FloatArray:
    """Cuts a window out of each picture.

    Args:
        images: float32 (P, 48, 48), grey.
        place: float32 (P, 3): its centre, right and down of the picture's in pixels,
            and its pixels' relative size less 1.

    Returns:
        float32 (P, 40, 40), interpolated.
    """
    height, width = images.shape[1:]
    step = 1 + place[:, 2]
    down = sampling(height / 2 + place[:, 1], step, WINDOW, height)
    right = sampling(width / 2 + place[:, 0], step, WINDOW, width)
    return np.asarray(down @ images @ right.transpose(0, 2, 1), np.float32)


def fit(basis: FloatArray, target: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Fits each target by a picture and its derivatives.

    Args:
        basis: float32 (P, 4, D): the picture, and how it changes if its window moves
            right, down and grows; without mean.
        target: float32 (P, D) of length 1, without mean.

    Returns:
        float32 (P,), the correlation of target and fit, 0..1; float32 (P, 3), how far
        the window has to move.
    """
    products = basis @ basis.transpose(0, 2, 1)
    diagonal = np.einsum("pii->pi", products)
    diagonal *= 1 + RIDGE
    diagonal += 1e-9
    wanted = basis @ target[:, :, None]
    weights = np.asarray(np.linalg.solve(products, wanted), np.float32)
    explained = np.einsum("pki,pki->p", wanted, weights)
    moves: FloatArray = weights[:, 1:, 0] / weights[:, :1, 0].clip(1e-6)
    return np.sqrt(explained.clip(0, 1), dtype=np.float32), moves


def align(
    moving: FloatArray, target: FloatArray, place: FloatArray, threshold: float
) -> tuple[FloatArray, FloatArray]:
    """Moves a window over each picture until it is most like the target.

    Args:
        moving: float32 (P, 48, 48), grey.
        target: float32 (P, 40, 40), grey.
        place: float32 (P, 3), where to begin: see `windows`.
        threshold: correlation that is of interest; far from it, no effort is spent.

    Returns:
        float32 (P,), the correlation at the best place; float32 (P,), that of the
        details alone: -1..1 both.
    """
    place = place.clip(-FARTHEST, FARTHEST)
    wanted = unit(_flat(target))
    best = np.full(len(moving), -1, np.float32)
    best_cut = np.zeros_like(target)
    active = np.arange(len(moving))
    for step in range(STEPS):
        cut = windows(moving[active], place[active])
        likeness = np.einsum("pd,pd->p", unit(_flat(cut)), wanted[active])
        better = likeness > best[active]
        best[active[better]] = likeness[better]
        best_cut[active[better]] = cut[better]
        if step:
            hopeful = best[active] > threshold - HOPELESS
            active, cut = active[hopeful], cut[hopeful]
        if step < STEPS - 1:
            moves = fit(_derivatives(cut, place[active]), wanted[active])[1]
            place[active] = (place[active] + moves).clip(-FARTHEST, FARTHEST)
    return best, _detail_likeness(best_cut, target)


def _derivatives(cut: FloatArray, place: FloatArray) -> FloatArray:
    """float32 (P, 4, 1600): windows, and how they change as they move and grow."""
    down, right = np.gradient(cut, axis=(1, 2))
    reach = np.arange(WINDOW, dtype=np.float32) - np.float32((WINDOW - 1) / 2)
    grow = reach * right + reach[:, None] * down
    step = (1 + place[:, 2])[:, None, None, None]
    changes = np.stack([right, down, grow], axis=1) / step
    whole = np.concatenate([cut[:, None], changes], axis=1)
    flat = _flat(whole.reshape(-1, WINDOW, WINDOW))
    return flat.reshape(len(cut), 4, WINDOW * WINDOW)


def _detail_likeness(one: FloatArray, other: FloatArray) -> FloatArray:
    """float32 (P,): correlation of what is finer than shape and light and shade."""
    cosine = cosines(FINE_FREQUENCIES, WINDOW)
    chosen = band(FINE_FREQUENCIES, COARSEST_DETAIL, FINE_FREQUENCIES - 1)
    fine = unit(np.asarray((cosine @ one @ cosine.T)[:, chosen], np.float32))
    wanted = unit(np.asarray((cosine @ other @ cosine.T)[:, chosen], np.float32))
    likeness: FloatArray = np.einsum("pd,pd->p", fine, wanted)
    return likeness


def _flat(pictures: FloatArray) -> FloatArray:
    """float32 (P, 1600): windows without their mean."""
    without: FloatArray = pictures - pictures.mean(axis=(1, 2), keepdims=True)
    return without.reshape(-1, WINDOW * WINDOW)
