"""Pixels written as text: 2304 numbers in 0..255 with spaces between them.

A row of FER2013 is 8 kB of digits and there are 35,887 of them: here reading a csv
spends its time. Rows as Kaggle writes them (single spaces, at most three digits) take
`_parse_regular`, a dozen array operations on one row that stays in the cache. It gives
up at anything unusual; `_parse_any` then reads the row number by number, and either
accepts it (doubled spaces, tabs) or names the first wrong number. Checked against each
other and against Python's `int` on random rows.
"""

import numpy as np

from mimika.core.preprocess import UInt8Array
from mimika.data.collector import RowError, quote
from mimika.data.samples import SIDE

PIXELS = SIDE * SIDE
MOST_DIGITS = 3
SPACE, ZERO = 32, 48  # ASCII


def parse_pixels(text: bytes) -> UInt8Array:
    """Reads the pixels of one picture.

    Args:
        text: 2304 decimal numbers in 0..255 with white space between them.

    Returns:
        uint8 (2304,), row after row from the upper left.

    Raises:
        RowError: another count, something that is not a number, or one over 255.
    """
    pixels = _parse_regular(text)
    return _parse_any(text) if pixels is None else pixels


def _parse_regular(text: bytes) -> UInt8Array | None:
    """All numbers of a row at once; None where it is not in the usual form."""
    # Two spaces in front, so that the hundreds of the first number are never outside.
    codes = np.frombuffer(b"  " + text + b" ", np.uint8)
    gaps = np.flatnonzero(codes == SPACE)
    if len(gaps) != PIXELS + 2:
        return None
    ends = gaps[2:]  # (2304,), the space after each number
    lengths = ends - gaps[1:-1] - 1
    if lengths.min() < 1 or lengths.max() > MOST_DIGITS:
        return None
    digits = codes - np.uint8(ZERO)  # what is below "0" wraps round to above 9
    digits[gaps] = 0
    if digits.max() > 9:
        return None
    # A number of one digit has a space, 0, at its tens; but before that may come the
    # last digit of the number before it, so the hundreds count only where there are
    # three digits.
    values = digits.take(ends - 3).astype(np.uint16)
    values *= lengths == MOST_DIGITS
    values *= 10
    values += digits.take(ends - 2)
    values *= 10
    values += digits.take(ends - 1)
    return None if values.max() > 255 else values.astype(np.uint8)


def _parse_any(text: bytes) -> UInt8Array:
    words = text.split()
    for place, word in enumerate(words, start=1):
        if not word.isdigit():
            raise RowError(
                f"pixel {place} is {quote(word)}, expected a whole number 0..255"
            )
        if len(word.lstrip(b"0")) > MOST_DIGITS or int(word) > 255:
            raise RowError(f"pixel {place} is {quote(word)}, expected 0..255")
    if len(words) != PIXELS:
        raise RowError(
            f"{len(words)} pixels, expected {PIXELS} ({SIDE} x {SIDE}) with spaces "
            "between them"
        )
    return np.array([int(word) for word in words], np.uint8)
