"""The drawn set: what it is made of, and that only size tells its classes apart."""

import csv
import hashlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from mimika.core.errors import DataError
from mimika.data import drawn_parts
from mimika.data.drawing_scene import cut_out, set_down
from mimika.data.drawing_shapes import KINDS
from mimika.data.drawn_parts import (
    PX_PER_MM,
    SIZES_MM,
    draw_part,
    plan,
    write_parts,
)

SMALL = {"train": 3, "test": 2}


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draws at a quarter of the size: a twentieth of the work."""
    monkeypatch.setattr(drawn_parts, "PX_PER_MM", 4)


def digests(folder: Path) -> dict[str, str]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


@pytest.mark.parametrize("count", [42, 43])
def test_both_classes_have_as_many_pictures_and_the_same_kinds(count: int) -> None:
    parts = plan(1, {"train": count})
    by_label = {label: [p for p in parts if p.label == label] for label in SIZES_MM}
    small, large = (sorted(p.kind for p in found) for found in by_label.values())
    assert abs(len(small) - len(large)) <= 1
    assert set(small) == set(large) == set(KINDS)
    for kind in KINDS:
        assert abs(small.count(kind) - large.count(kind)) <= 1


def test_sizes_fill_the_range_of_their_class_and_no_more() -> None:
    parts = plan(3, {"train": 400})
    for label, (least, most) in SIZES_MM.items():
        sizes = [part.size_mm for part in parts if part.label == label]
        assert least <= min(sizes) < least + 0.5
        assert most - 0.5 < max(sizes) <= most
    assert SIZES_MM["small"][1] < SIZES_MM["large"][0]


def test_a_larger_set_begins_with_the_smaller_one() -> None:
    few, many = plan(1, SMALL), plan(1, {"train": 30, "test": 20})
    assert set(few) <= set(many)
    seeds = {part.seed for part in many}
    assert len(seeds) == 50


@pytest.mark.parametrize("kind", list(KINDS))
@pytest.mark.parametrize("length", [150.0, 330.0])
def test_a_part_is_as_long_in_pixels_as_it_should_be(kind: str, length: float) -> None:
    """Measured on the drawn part, however it is turned, by the rectangle around it."""
    for seed in range(3):
        rng = np.random.default_rng(seed)
        shape = KINDS[kind](rng)
        frame = cut_out(shape, length, rng)
        piece = set_down(shape, frame)
        assert piece is not None
        cover = np.zeros(frame.size, np.uint8)
        cover[piece.place] = piece.cover() > 0.5
        points = np.argwhere(cover)[:, ::-1].astype(np.float32)
        sides = sorted(cv2.minAreaRect(points)[1])
        assert sides[1] + 1 == pytest.approx(length, abs=3)
        across = length * shape.across
        # the smallest rectangle around a ring that is split may lie askew
        assert sides[0] + 1 == pytest.approx(across, abs=3 + 0.02 * length)
        edges = cover[[0, -1]].any() or cover[:, [0, -1]].any()
        assert not edges  # there is a margin on every side


def test_a_millimetre_has_the_same_pixels_in_every_picture(quick: None) -> None:
    for part in plan(5, {"train": 8}):
        height, width = draw_part(part).shape[:2]
        longest = part.size_mm * 4
        # a part that lies aslant takes at least seven tenths of its length
        assert 0.7 * longest < max(height, width) < 2.1 * longest


def test_margins_do_not_tell_the_class() -> None:
    """How much of a picture its part fills, and how far off its middle it lies."""
    traits: dict[str, list[tuple[float, ...]]] = {label: [] for label in SIZES_MM}
    for part in plan(2, {"train": 2000}):
        rng = np.random.default_rng((*part.seed, 1))
        shape = KINDS[part.kind](rng)
        frame = cut_out(shape, part.size_mm * PX_PER_MM, rng)
        height, width = frame.size
        x, y = frame.middle
        filled = frame.length**2 * shape.across / (height * width)
        traits[part.label].append((filled, height / width, x / width, y / height))
    small, large = (np.array(values) for values in traits.values())
    error = np.hypot(small.std(axis=0), large.std(axis=0)) / np.sqrt(1000)
    assert (np.abs(small.mean(axis=0) - large.mean(axis=0)) < 3.5 * error).all()
    assert (small.std(axis=0) > [0.05, 0.2, 0.03, 0.03]).all()  # and they vary
    assert np.allclose(small.std(axis=0), large.std(axis=0), rtol=0.15)


def test_brightness_and_contrast_do_not_tell_the_class(quick: None) -> None:
    traits: dict[str, list[tuple[float, ...]]] = {label: [] for label in SIZES_MM}
    for part in plan(4, {"train": 40}):
        small = cv2.resize(draw_part(part), (48, 48), interpolation=cv2.INTER_AREA)
        traits[part.label].append((float(small.mean()), float(small.std())))
    few, many = (np.array(values) for values in traits.values())
    error = np.hypot(few.std(axis=0), many.std(axis=0)) / np.sqrt(20)
    assert (np.abs(few.mean(axis=0) - many.mean(axis=0)) < 3 * error).all()


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path, quick: None) -> None:
    write_parts(tmp_path / "one", 1, SMALL)
    write_parts(tmp_path / "two", 1, SMALL)
    write_parts(tmp_path / "three", 2, SMALL)
    one, two, three = (digests(tmp_path / name) for name in ("one", "two", "three"))
    assert one == two
    pictures = [name for name in one if name.endswith(".jpg")]
    assert len(pictures) == 5
    assert all(one[name] != three[name] for name in pictures)


def test_a_set_is_written_with_its_list(tmp_path: Path, quick: None) -> None:
    out = tmp_path / "new" / "parts"
    seen: list[tuple[int, int]] = []
    parts = write_parts(out, 1, SMALL, lambda done, of: seen.append((done, of)))
    assert seen == [(done, 5) for done in range(6)]
    with (out / "parts.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["path"] for row in rows] == [part.path for part in parts]
    for row in rows:
        split, label, _ = row["path"].split("/")
        assert (split in SMALL, label) == (True, row["label"])
        low, high = SIZES_MM[label]
        assert low <= float(row["size_mm"]) <= high
        with Image.open(out / row["path"]) as image:
            assert (image.format, image.mode) == ("JPEG", "RGB")
    assert len(list(out.rglob("*.jpg"))) == 5
    note = (out / "README.txt").read_text(encoding="utf-8")
    assert "drawn, not photographed" in note
    assert "mimika draw-parts OUT --seed 1 --train 3 --test 2" in note


def test_an_empty_folder_is_filled(tmp_path: Path, quick: None) -> None:
    out = tmp_path / "parts"
    out.mkdir()
    write_parts(out, 1, {"train": 1})
    assert (out / "train/small/train-0001.jpg").is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["parts"]


def test_what_lies_there_is_not_touched(tmp_path: Path) -> None:
    mine = tmp_path / "mine.txt"
    mine.write_text("mine")
    with pytest.raises(DataError, match=r"is a folder with files in it.* name another"):
        write_parts(tmp_path, 1, SMALL)
    with pytest.raises(DataError, match=r"mine\.txt: is a file; expected a new"):
        write_parts(mine, 1, SMALL)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_nothing_half_written_stays(tmp_path: Path, quick: None) -> None:
    def stop(done: int, _of: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_parts(tmp_path / "parts", 1, SMALL, stop)
    assert list(tmp_path.iterdir()) == []
