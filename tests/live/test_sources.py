from pathlib import Path

import numpy as np
import pytest
from films import write_film
from PIL import Image

from mimika.core.errors import SourceError
from mimika.live.camera import Wish
from mimika.live.folder import Folder
from mimika.live.sources import Kind, kind_of, open_source
from mimika.live.video_file import VideoReader


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("0", "camera"),
        ("12", "camera"),
        ("/dev/video3", "camera"),
        ("./0", "file"),
        ("1234", "file"),
        ("٣", "file"),
        ("-1", "file"),
        ("film.mp4", "file"),
        ("rtsp://10.0.0.1/x", "stream"),
    ],
)
def test_what_is_meant_follows_from_the_name(name: str, kind: Kind) -> None:
    assert kind_of(name) == kind


def test_a_folder_is_one_even_if_it_is_called_like_a_film(tmp_path: Path) -> None:
    folder = tmp_path / "film.mp4"
    folder.mkdir()
    assert kind_of(str(folder)) == "folder"
    Image.fromarray(np.zeros((4, 6, 3), np.uint8)).save(folder / "1.png")
    source = open_source(str(folder), Wish())
    assert isinstance(source, Folder)
    assert source.title == "film.mp4"


def test_a_film_is_opened(tmp_path: Path) -> None:
    write_film(tmp_path / "film.mp4", [0.0, 0.1])
    source = open_source(str(tmp_path / "film.mp4"), Wish())
    assert isinstance(source, VideoReader)
    assert len(list(iter(source.read, None))) == 2
    source.close()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("96", "camera 96"),
        ("/dev/video96", "camera 96"),
        ("  ", "the source has no name"),
        ("missing.mp4", r"missing\.mp4: no such file"),
        ("http://127.0.0.1:9/", r"http://127\.0\.0\.1:9/: cannot be opened"),
    ],
)
def test_what_is_not_there_is_said_by_its_name(name: str, said: str) -> None:
    with pytest.raises(SourceError, match=said):
        open_source(name, Wish())
