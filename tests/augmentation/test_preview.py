"""The contact sheet."""

from collections import Counter

import numpy as np
import pytest
from PIL import Image

from mimika.augmentation.policies import augment_one, parse_policy
from mimika.augmentation.preview import (
    CAPTION,
    GAP,
    MARGIN,
    Specimen,
    draw_sheet,
    in_turns,
    save_sheet,
)

CELL = 144


def cells(sheet, count, columns):
    """uint8 (48, 48) of each cell, by its row and column from the bottom left."""
    left, bottom = MARGIN + CAPTION, len(sheet) - MARGIN
    return [
        [
            sheet[
                bottom - (count - row) * (CELL + GAP) + GAP + 1 :: 3,
                left + column * (CELL + GAP) + 1 :: 3,
                0,
            ][:48, :48]
            for column in range(columns)
        ]
        for row in range(count)
    ]


def test_originals_come_first_and_then_what_each_epoch_makes_of_them(face):
    policy = parse_policy("simple")
    specimens = [Specimen(face, "Happy", 12), Specimen(face[::-1], "Sad", 7)]
    sheet = draw_sheet(policy, specimens, 4, seed=9)
    shown = cells(sheet, 2, 4)
    for row, specimen in enumerate(specimens):
        assert np.array_equal(shown[row][0], specimen.image)
        for epoch in (1, 2, 3):
            expected = augment_one(policy, specimen.image, 9, epoch, specimen.row)
            assert np.array_equal(shown[row][epoch], expected)


@pytest.mark.parametrize("name", ["none", "rich"])
def test_the_sheet_has_titles_above_the_pictures(name, face):
    sheet = draw_sheet(parse_policy(name), [Specimen(face, "", 0)], 2, seed=0)
    above = sheet[: len(sheet) - MARGIN - CELL]
    assert (above < 128).any(axis=2).sum() > 300  # dark pixels of letters
    assert (sheet[:, -MARGIN:] == 255).all()
    assert (sheet[-MARGIN:] == 255).all()


def test_a_long_name_stays_in_its_column(face):
    specimens = [Specimen(face, "ein sehr langer Name ⟨mit Zeichen⟩ " * 5, 0)]
    sheet = draw_sheet(parse_policy("none"), specimens, 2, seed=0)
    beside = sheet[-MARGIN - CELL :, MARGIN + CAPTION - GAP // 2 : MARGIN + CAPTION]
    assert (beside == 255).all()


def test_every_class_has_its_turn_before_any_has_two():
    labels = [0] * 50 + [1] * 3 + [2] * 10 + [-1]
    order = in_turns(labels, seed=4)
    assert sorted(order) == list(range(64))
    assert {labels[position] for position in order[:4]} == {-1, 0, 1, 2}
    assert Counter(labels[position] for position in order[4:10]) == {0: 2, 1: 2, 2: 2}
    assert order == in_turns(labels, seed=4) != in_turns(labels, seed=5)


def test_a_sheet_is_saved_whole_or_not_at_all(tmp_path):
    sheet = np.random.default_rng(0).integers(0, 256, (20, 30, 3), np.uint8)
    path = tmp_path / "sheet.png"
    path.write_text("before")
    save_sheet(path, sheet)
    assert np.array_equal(np.asarray(Image.open(path)), sheet)
    with pytest.raises(FileNotFoundError):
        save_sheet(tmp_path / "none" / "sheet.png", sheet)
    assert [file.name for file in tmp_path.iterdir()] == ["sheet.png"]
