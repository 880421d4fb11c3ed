import os
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from mimika.core.errors import DataError
from mimika.core.tasks import EMOTION
from mimika.data.image_folder import read_image_folder
from mimika.data.samples import Samples


def read(root: Path, *, skip_bad: bool = False) -> Samples:
    return read_image_folder(root, labels=EMOTION.keys, skip_bad=skip_bad)


def saved(path: Path, pixels: NDArray[np.uint8] | None = None) -> Path:
    if pixels is None:
        pixels = np.full((48, 48), 100, np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)
    return path


def test_pictures_come_back_exactly_sorted_by_path(
    tmp_path: Path, faces: NDArray[np.uint8], labels: NDArray[np.int64]
) -> None:
    for number in np.random.default_rng(1).permutation(21):
        name = EMOTION.keys[labels[number]]
        saved(tmp_path / name / f"{number:02d}.png", faces[number])
    order = sorted(range(21), key=lambda i: (EMOTION.keys[labels[i]], i))
    samples = read(tmp_path)
    assert np.array_equal(samples.images, faces[order])
    assert np.array_equal(samples.labels, labels[order])
    assert set(samples.splits) == {"Training"}
    assert samples.rows.tolist() == list(range(21))


def test_the_number_of_a_class_is_never_its_place_in_the_alphabet(
    tmp_path: Path,
) -> None:
    """Alphabetically neutral is 4, sad 5 and surprise 6; in FER2013 they are not."""
    for key in EMOTION.keys:
        saved(tmp_path / key.upper() / "a.png")
    by_name = sorted(EMOTION.keys)
    expected = [EMOTION.keys.index(key) for key in by_name]
    assert read(tmp_path).labels.tolist() == expected == [0, 1, 2, 3, 6, 4, 5]


def test_split_folders_and_file_names_give_the_splits(tmp_path: Path) -> None:
    saved(tmp_path / "train" / "Happy" / "Training_1.jpg")
    saved(tmp_path / "test" / "Happy" / "PrivateTest_2.jpg")
    saved(tmp_path / "test" / "Happy" / "PublicTest_3.jpg")
    saved(tmp_path / "test" / "Happy" / "other.jpg")
    samples = read(tmp_path)
    expected = ["PrivateTest", "PublicTest", "PublicTest", "Training"]
    assert samples.splits.tolist() == expected


def test_two_folders_of_one_class_are_one_class(tmp_path: Path) -> None:
    for name in ("3", "happy", "Happiness"):
        saved(tmp_path / name / "a.png")
    assert read(tmp_path).labels.tolist() == [3, 3, 3]


def test_other_sizes_and_colours_are_made_48_by_48_and_grey(tmp_path: Path) -> None:
    red = np.zeros((96, 144, 3), np.uint8)
    red[..., 0] = 200
    saved(tmp_path / "sad" / "a.png", red)
    saved(tmp_path / "sad" / "b.png", np.full((20, 10), 77, np.uint8))
    noise = np.random.default_rng(2).integers(0, 256, (96, 96), np.uint8)
    saved(tmp_path / "sad" / "c.png", noise)
    images = read(tmp_path).images
    assert images.shape == (3, 48, 48)
    assert set(images[0].ravel()) == {60}  # 0.299 of 200
    assert set(images[1].ravel()) == {77}
    means = noise.reshape(48, 2, 48, 2).mean((1, 3))
    assert np.abs(images[2] - means).max() <= 0.5


def test_what_systems_leave_behind_is_ignored(tmp_path: Path) -> None:
    saved(tmp_path / "sad" / "a.png")
    (tmp_path / "sad" / ".DS_Store").write_bytes(b"x")
    (tmp_path / "sad" / "Thumbs.db").write_bytes(b"x")
    (tmp_path / "__MACOSX").mkdir()
    (tmp_path / ".git").mkdir()
    (tmp_path / "README.md").write_text("hello")
    assert len(read(tmp_path)) == 1


@pytest.mark.parametrize(
    ("name", "data", "cause"),
    [
        ("b.png", b"", "the file is empty"),
        ("b.jpg", b"\xff\xd8\xff\xe0" + bytes(50), "damaged or cut short"),
        ("b.txt", b"hello", "not a picture in an accepted format"),
    ],
)
def test_a_broken_picture_stops_or_is_skipped(
    tmp_path: Path, name: str, data: bytes, cause: str
) -> None:
    saved(tmp_path / "sad" / "a.png")
    saved(tmp_path / "sad" / "c.png")
    broken = tmp_path / "sad" / name
    broken.write_bytes(data)
    with pytest.raises(DataError, match=cause) as caught:
        read(tmp_path)
    assert str(caught.value).startswith(f"{broken}: ")
    samples = read(tmp_path, skip_bad=True)
    assert samples.rows.tolist() == [0, 2]
    assert [bad.where for bad in samples.skipped] == [str(broken)]


def test_a_truncated_picture_is_a_bad_row(
    tmp_path: Path, faces: NDArray[np.uint8]
) -> None:
    path = saved(tmp_path / "sad" / "a.png", faces[3])
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(DataError, match="damaged or cut short"):
        read(tmp_path)


def test_a_link_that_leads_nowhere_is_a_bad_row(tmp_path: Path) -> None:
    saved(tmp_path / "sad" / "a.png")
    (tmp_path / "sad" / "b.png").symlink_to(tmp_path / "gone.png")
    assert len(read(tmp_path, skip_bad=True).skipped) == 1


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (["contempt/a.png"], "'contempt' is no class; expected .*angry.*0..6"),
        (["train/contempt/a.png"], "'contempt' is no class"),
        (["happy/a.png", "b.png"], r"pictures outside class folders \(b.png\)"),
        (["train/happy/a.png", "train/b.png"], "pictures outside class folders"),
        (["train/happy/a.png", "happy/b.png"], "happy beside the split folders train"),
        (["happy/more/a.png"], r"folders inside a class folder \(more\)"),
        (["notes.txt"], "no folders in it, but notes.txt; expected one folder for"),
        ([], "no folders in it, but nothing"),
        (["train/.keep"], "no folders in it, but nothing"),
        (["happy/.keep"], "no pictures in it"),
    ],
)
def test_what_is_wrong_with_a_layout_is_named(
    tmp_path: Path, files: list[str], message: str
) -> None:
    for name in files:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        saved(path) if path.suffix == ".png" else path.write_bytes(b"")
    with pytest.raises(DataError, match=message) as caught:
        read(tmp_path)
    assert str(caught.value).startswith(str(tmp_path))


def test_folders_of_another_task_must_match_its_classes(tmp_path: Path) -> None:
    saved(tmp_path / "Large" / "a.png")
    saved(tmp_path / "small" / "a.png")
    samples = read_image_folder(tmp_path, labels=("small", "large"), skip_bad=False)
    assert samples.labels.tolist() == [1, 0]
    with pytest.raises(DataError, match="'Large' is no class"):
        read(tmp_path)


def test_a_long_list_of_names_is_cut(tmp_path: Path) -> None:
    for number in range(100):
        saved(tmp_path / f"{number}.png")
    with pytest.raises(DataError, match=r", \.\.\.\)") as caught:
        read(tmp_path)
    assert len(str(caught.value)) < 300 + len(os.fspath(tmp_path))


def test_a_photograph_lying_on_its_side_is_turned_upright(tmp_path: Path) -> None:
    shade = np.tile(np.arange(0, 192, 4, dtype=np.uint8), (48, 1))  # dark on the left
    path = tmp_path / "sad" / "a.png"
    saved(path, shade)
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees clockwise to see it upright
    Image.fromarray(shade).save(path, exif=exif)
    assert np.array_equal(
        read(tmp_path).images[0], cv2.rotate(shade, cv2.ROTATE_90_CLOCKWISE)
    )
