"""Pairs of pictures that show the same photograph, shifted or cropped, mirrored or not.

Three steps, each of which leaves a hundredth of the pairs to the next:

1. The low frequencies of the middle of each picture against those of fourteen views
   (windows) of every other one: nine shifts, and five crops of nine tenths. The grid is
   so coarse that a shift between its points costs little likeness.
2. The best likeness that a small further shift and zoom can give, on low frequencies.
3. Alignment of the pixels: `alignment.align`.

Two pictures are taken for the same photograph if, in the best place, the pixels
correlate at more than the threshold, and the fine detail by itself at more than
`DETAIL`: light and shade of two faces can be alike by chance, the corners of the mouth
and the noise cannot. Unlike that of `near_pairs`, this search can miss a pair; how many
copies it finds is measured in the tests and by `benchmarks/duplicates.py`.
"""

from dataclasses import dataclass
from itertools import product

import cv2
import numpy as np
from numpy.typing import NDArray

from mimika.core.preprocess import FloatArray, UInt8Array
from mimika.data.alignment import WINDOW, align, fit, windows
from mimika.data.frequencies import band, cosines, mirror_signs, sampling, unit
from mimika.data.near_pairs import NearPairs, check_count
from mimika.data.rows import TILE, Progress, for_each_row

SIDE = 48  # pictures of another size are scaled to it
LEAST_SIDE = 16  # smaller ones hold too little to tell
SHIFTS = [(right, down, 0.0) for right, down in product((-2, 0, 2), repeat=2)]
CORNERS = [(right, down, -0.1) for right, down in product((-1.5, 1.5), repeat=2)]
# places as in `alignment.windows`
VIEWS = np.array([*SHIFTS, (0, 0, -0.1), *CORNERS], np.float32)
FREQUENCIES = 10  # of each axis; 54 in a triangle
GRID_LOSS = 0.09  # likeness that a copy between the points of the grid can lose
DETAIL = 0.8
PAIRS_AT_ONCE = 1024
GUESS = np.dtype(
    [
        ("moving", np.int32),
        ("fixed", np.int32),
        ("view", np.int8),  # of the fixed picture
        ("mirrored", np.bool_),  # whether the moving picture is
        ("likeness", np.float32),
        ("place", np.float32, 3),  # of the moving picture
    ]
)
Guesses = NDArray[np.void]  # of the type GUESS


@dataclass(frozen=True)
class Views:
    """Low frequencies of windows of all pictures.

    Attributes:
        middle: float32 (N, 54), of the window in the middle, of length 1.
        changes: float32 (N, 4, 54), the same of any length, and how it changes if the
            window moves right, down and grows.
        others: float32 (V, N, 54), of each view, of length 1.
        signs: float32 (54,), factors that mirror.
    """

    middle: FloatArray
    changes: FloatArray
    others: FloatArray
    signs: FloatArray


def shifted_pairs(
    images: UInt8Array,
    threshold: float,
    progress: Progress,
    known: NDArray[np.int64] | None = None,
) -> NearPairs:
    """Pairs of pictures that are alike after a shift of some pixels, a crop, or none.

    Args:
        images: uint8 (N, H, W), grey, 0..255; none is found among pictures of less than
            16 pixels a side.
        threshold: correlation of the part that both show, 0..1.
        progress: called with the share that is done, 0..1.
        known: int64 (P, 2), pairs that need not be looked at, the first smaller than
            the second.

    Raises:
        DataError: too many pairs.
    """
    if known is None:
        known = np.empty((0, 2), np.int64)
    known_keys = _keys(known, len(images))
    images = _scaled(images if min(images.shape[1:]) >= LEAST_SIDE else images[:0])
    views = _views(images)
    found: list[Guesses] = [np.empty(0, GUESS)]

    def take(guesses: Guesses) -> None:
        found.append(guesses)
        check_count(found, threshold)

    def work(row: int) -> Guesses:
        return _row(images, views, row, threshold, known_keys)

    for_each_row(len(images), work, take, progress)
    kept = _best_of_each_pair(np.concatenate(found))
    kinds = np.full(len(kept), "shifted")
    return NearPairs(_ordered(kept), kept["likeness"], kinds)


def _scaled(images: UInt8Array) -> UInt8Array:
    if images.shape[1:] == (SIDE, SIDE):
        return images
    scaled = np.empty((len(images), SIDE, SIDE), np.uint8)
    for place, image in enumerate(images):
        scaled[place] = cv2.resize(image, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return scaled


def _views(images: UInt8Array) -> Views:
    """Low frequencies of every window that is needed."""
    chosen = band(FREQUENCIES, 1, FREQUENCIES - 1)
    count = int(chosen.sum())
    middle = np.empty((len(images), count), np.float32)
    changes = np.empty((len(images), 4, count), np.float32)
    others = np.empty((len(VIEWS), len(images), count), np.float32)
    for start in range(0, len(images), TILE):
        part = slice(start, start + TILE)
        pixels = images[part].astype(np.float32)

        def low(right: float, down: float, zoom: float, of: FloatArray) -> FloatArray:
            return _low(of, np.array([right, down, zoom], np.float32), chosen)

        changes[part, 0] = low(0, 0, 0, pixels)
        changes[part, 1] = low(0.5, 0, 0, pixels) - low(-0.5, 0, 0, pixels)
        changes[part, 2] = low(0, 0.5, 0, pixels) - low(0, -0.5, 0, pixels)
        changes[part, 3] = low(0, 0, 0.025, pixels) - low(0, 0, -0.025, pixels)
        changes[part, 3] /= 0.05
        middle[part] = unit(changes[part, 0])
        for number, view in enumerate(VIEWS):
            others[number, part] = unit(_low(pixels, view, chosen))
    return Views(middle, changes, others, mirror_signs(chosen))


def _low(
    pixels: FloatArray, place: FloatArray, chosen: NDArray[np.bool_]
) -> FloatArray:
    """float32 (N, 54): low frequencies of the window at one place."""
    cosine = cosines(FREQUENCIES, WINDOW)
    step = 1 + place[2]
    down = cosine @ sampling(SIDE / 2 + place[1], step, WINDOW, SIDE)
    right = cosine @ sampling(SIDE / 2 + place[0], step, WINDOW, SIDE)
    low: FloatArray = (down @ pixels @ right.T)[:, chosen]
    return low


def _row(
    images: UInt8Array,
    views: Views,
    row: int,
    threshold: float,
    known: NDArray[np.int64],
) -> Guesses:
    """Pairs of a row of tiles that show the same photograph and are not known."""
    found: list[Guesses] = []
    for column in range(0, len(images), TILE):
        likely = _likely(views, row, column, threshold)
        new = ~np.isin(_keys(_ordered(likely), len(images)), known)
        found.append(_aligned(images, likely[new], threshold))
        check_count(found, threshold)
    return np.concatenate(found)


def _likely(views: Views, row: int, column: int, threshold: float) -> Guesses:
    """Pairs of a tile that can become alike by low frequencies, the best guess each."""
    best: Guesses = np.empty(0, GUESS)
    products = np.empty((TILE, TILE), np.float32)
    middle = views.middle[row : row + TILE]
    mirrored_middle = middle * views.signs
    for mirrored, view in product((False, True), range(len(VIEWS))):
        # a shift is found from either picture, a crop only from the cropped one
        if view < len(SHIFTS) and column < row:
            continue
        left = mirrored_middle if mirrored else middle
        right = views.others[view, column : column + TILE]
        tile = products[: len(left), : len(right)]
        np.matmul(left, right.T, out=tile)
        moving, fixed = np.divmod(
            np.flatnonzero(tile > threshold - GRID_LOSS), len(right)
        )
        guesses = np.zeros(len(moving), GUESS)
        guesses["moving"], guesses["fixed"] = moving + row, fixed + column
        guesses["view"], guesses["mirrored"] = view, mirrored
        guesses = guesses[guesses["moving"] != guesses["fixed"]]
        refined = _refined(views, guesses, threshold)
        best = _best_of_each_pair(np.concatenate([best, refined]))
    return best


def _refined(views: Views, guesses: Guesses, threshold: float) -> Guesses:
    """Guesses that a small shift and zoom can bring to the threshold.

    Writes the likeness that can be reached, and the place of it, into `guesses`.
    """
    for start in range(0, len(guesses), PAIRS_AT_ONCE):
        part = guesses[start : start + PAIRS_AT_ONCE]
        basis = views.changes[part["moving"]]
        basis[part["mirrored"]] *= views.signs
        basis[part["mirrored"], 1] *= -1  # to the right in the mirror is to the left
        target = views.others[part["view"], part["fixed"]]
        part["likeness"], part["place"] = fit(basis, target)
    return guesses[guesses["likeness"] > threshold]


def _aligned(images: UInt8Array, guesses: Guesses, threshold: float) -> Guesses:
    """Guesses whose pixels and details agree; writes their likeness into `guesses`."""
    kept = np.zeros(len(guesses), bool)
    for start in range(0, len(guesses), PAIRS_AT_ONCE):
        part = guesses[start : start + PAIRS_AT_ONCE]
        moving = images[part["moving"]].astype(np.float32)
        moving[part["mirrored"]] = moving[part["mirrored"], :, ::-1]
        fixed = images[part["fixed"]].astype(np.float32)
        target = windows(fixed, VIEWS[part["view"]])
        likeness, detail = align(moving, target, part["place"], threshold)
        part["likeness"] = likeness
        kept[start : start + len(part)] = (likeness > threshold) & (detail > DETAIL)
    return guesses[kept]


def _best_of_each_pair(guesses: Guesses) -> Guesses:
    """The most alike guess of each pair, sorted by pair."""
    pairs = _ordered(guesses)
    order = np.lexsort((-guesses["likeness"], pairs[:, 1], pairs[:, 0]))
    pairs = pairs[order]
    first = np.ones(len(pairs), bool)
    first[1:] = (pairs[1:] != pairs[:-1]).any(axis=1)
    return guesses[order[first]]


def _ordered(guesses: Guesses) -> NDArray[np.int64]:
    """int64 (P, 2): the two pictures of each guess, the first smaller."""
    pairs = np.stack([guesses["moving"], guesses["fixed"]], axis=1)
    return np.sort(pairs, axis=1).astype(np.int64)


def _keys(pairs: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """int64 (P,): one number for each pair of `count` pictures."""
    return pairs[:, 0] * count + pairs[:, 1]
