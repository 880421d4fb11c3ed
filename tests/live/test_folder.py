from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mimika.core.errors import SourceError
from mimika.live.folder import Folder, in_order


def save(path: Path, value: int, size: tuple[int, int] = (8, 6)) -> None:
    Image.new("RGB", size, (value, 0, 255 - value)).save(path)


def test_names_are_ordered_as_people_count() -> None:
    names = ["f10.png", "f9.png", "f09.png", "a.png", "10.png", "9b.png"]
    ordered = ["9b.png", "10.png", "a.png", "f09.png", "f9.png", "f10.png"]
    assert in_order(names) == ordered


def test_pictures_come_in_order_at_the_given_rate(tmp_path: Path) -> None:
    for number in (1, 2, 10):
        save(tmp_path / f"frame{number}.png", number)
    save(tmp_path / ".hidden.png", 99)
    (tmp_path / "notes.txt").write_text("not a picture")
    (tmp_path / "folder.png").mkdir()
    source = Folder(tmp_path, 10.0)
    frames = list(iter(source.read, None))
    assert [int(frame.pixels[0, 0, 0]) for frame in frames] == [1, 2, 10]
    assert [frame.index for frame in frames] == [0, 1, 2]
    assert [frame.time_s for frame in frames] == [0.0, 0.1, 0.2]
    assert frames[0].pixels.shape == (6, 8, 3)
    assert frames[0].pixels.dtype == np.uint8
    assert not source.paced
    assert source.title == tmp_path.name


def test_a_folder_without_pictures_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"no pictures in this folder; .*\.png"):
        Folder(tmp_path)


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot look into this folder"):
        Folder(tmp_path / "missing")


def test_a_damaged_picture_is_named(tmp_path: Path) -> None:
    save(tmp_path / "1.png", 1)
    (tmp_path / "2.png").write_bytes((tmp_path / "1.png").read_bytes()[:40])
    source = Folder(tmp_path)
    assert source.read() is not None
    with pytest.raises(SourceError, match=r"2\.png: .*(damaged|cut short)"):
        source.read()


def test_pictures_of_different_sizes_are_no_film(tmp_path: Path) -> None:
    save(tmp_path / "1.png", 1)
    save(tmp_path / "2.png", 2, (9, 6))
    source = Folder(tmp_path)
    source.read()
    with pytest.raises(SourceError, match="9 x 6 pixels, but the first frame has 8 x"):
        source.read()


def test_a_closed_folder_gives_no_more(tmp_path: Path) -> None:
    save(tmp_path / "1.png", 1)
    source = Folder(tmp_path)
    source.close()
    source.close()
    assert source.read() is None
