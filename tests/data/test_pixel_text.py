import numpy as np
import pytest

from mimika.data.collector import RowError
from mimika.data.pixel_text import PIXELS, _parse_any, _parse_regular, parse_pixels


def written(values: list[int]) -> bytes:
    return " ".join(map(str, values)).encode()


def with_word(word: str, place: int) -> bytes:
    words = ["7"] * PIXELS
    words[place] = word
    return " ".join(words).encode()


@pytest.mark.parametrize("high", [1, 10, 100, 256])
def test_rows_are_read_as_python_reads_them(high: int) -> None:
    values = np.random.default_rng(high).integers(0, high, PIXELS).tolist()
    read = parse_pixels(written(values))
    assert read.dtype == np.uint8
    assert read.tolist() == values


def test_every_pair_of_neighbours_is_read_right() -> None:
    every = [value for pair in range(256) for value in (pair, 255 - pair)]
    values = (every * 5)[:PIXELS]
    assert parse_pixels(written(values)).tolist() == values


@pytest.mark.parametrize("seed", range(10))
def test_the_fast_and_the_slow_way_agree(seed: int) -> None:
    rng = np.random.default_rng(seed)
    # Numbers of one, two and three digits equally often.
    values = rng.integers(0, rng.choice([10, 100, 256], PIXELS)).tolist()
    fast = _parse_regular(written(values))
    assert fast is not None
    assert fast.tolist() == _parse_any(written(values)).tolist() == values


def test_usual_rows_take_the_fast_way() -> None:
    assert _parse_regular(with_word("255", 0)) is not None


@pytest.mark.parametrize("gap", ["  ", "\t", " \t "])
def test_other_white_space_between_pixels_is_accepted(gap: str) -> None:
    values = np.random.default_rng(1).integers(0, 256, PIXELS).tolist()
    text = gap.join(map(str, values)).encode()
    assert parse_pixels(b" " + text + b" ").tolist() == values


def test_leading_zeros_are_accepted() -> None:
    assert parse_pixels(with_word("0000255", 3))[3] == 255
    assert parse_pixels(with_word("007", 3))[3] == 7


@pytest.mark.parametrize("count", [0, 1, PIXELS - 1, PIXELS + 1, 3 * PIXELS])
def test_a_wrong_count_is_named(count: int) -> None:
    with pytest.raises(RowError, match=f"^{count} pixels, expected 2304"):
        parse_pixels(written([5] * count))


@pytest.mark.parametrize("place", [0, 1, 1000, PIXELS - 1])
@pytest.mark.parametrize("word", ["256", "300", "999", "1000", "9" * 5000])
def test_a_value_over_255_is_named_with_its_place(word: str, place: int) -> None:
    with pytest.raises(RowError, match=f"pixel {place + 1} is .*expected 0..255"):
        parse_pixels(with_word(word, place))


@pytest.mark.parametrize("place", [0, 1000, PIXELS - 1])
@pytest.mark.parametrize(
    "word",
    ["-1", "+1", "1.0", "1e2", "1_0", "0x1", "nan", "a", "'", "\u0663", ":", "/"],
)
def test_what_is_not_a_number_is_named_with_its_place(word: str, place: int) -> None:
    with pytest.raises(RowError, match=f"pixel {place + 1} is .*whole number"):
        parse_pixels(with_word(word, place))


def test_a_long_word_is_cut_in_the_message() -> None:
    with pytest.raises(RowError) as caught:
        parse_pixels(with_word("x" * 9999, 0))
    assert len(str(caught.value)) < 150


def test_random_damage_is_never_read_silently() -> None:
    """One changed byte gives either another number that is right, or an error."""
    rng = np.random.default_rng(3)
    whole = written(rng.integers(0, 256, PIXELS).tolist())
    for _ in range(200):
        damaged = bytearray(whole)
        damaged[rng.integers(len(whole))] = rng.integers(256)
        try:
            expected = [int(word) for word in damaged.split() if word.isdigit()]
            right = len(expected) == len(damaged.split()) == PIXELS
        except ValueError:
            right = False
        if right and max(expected) < 256:
            assert parse_pixels(bytes(damaged)).tolist() == expected
        else:
            with pytest.raises(RowError):
                parse_pixels(bytes(damaged))
