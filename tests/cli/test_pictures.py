"""What a command line's arguments stand for, and how pictures are saved."""

import io
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from mimika.cli.pictures import Source, collect, save_picture
from mimika.core.errors import InputError

PIXELS = np.random.default_rng(0).integers(0, 256, (20, 30, 3), np.uint8)


def names(sources: list[Source]) -> list[str]:
    return [Path(source.name).name for source in sources]


def test_a_folder_gives_its_pictures_sorted_but_not_its_folders(tmp_path: Path) -> None:
    for name in ("b.JPG", "a.png", "notes.txt", ".hidden.jpg", "c.webp"):
        (tmp_path / name).touch()
    (tmp_path / "inner.jpg").mkdir()
    (tmp_path / "inner.jpg" / "d.jpg").touch()
    sources = collect([str(tmp_path)])
    assert names(sources) == ["a.png", "b.JPG", "c.webp"]
    assert sources[0].content == tmp_path / "a.png"


def test_files_are_taken_in_the_order_given_whatever_their_extension() -> None:
    assert [s.content for s in collect(["z.dat", "a.jpg"])] == [
        Path("z.dat"),
        Path("a.jpg"),
    ]


def test_an_empty_folder_is_an_error_that_says_what_was_expected(
    tmp_path: Path,
) -> None:
    (source,) = collect([str(tmp_path)])
    assert isinstance(source.content, InputError)
    assert ".jpg" in str(source.content)
    assert "folders inside it are not searched" in str(source.content)


def test_a_dash_reads_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    stdin = SimpleNamespace(buffer=io.BytesIO(b"bytes of a picture"))
    monkeypatch.setattr(sys, "stdin", stdin)
    assert collect(["-"]) == [Source("standard input", b"bytes of a picture")]


def test_a_jpeg_is_saved_as_a_jpeg_and_the_rest_as_png(tmp_path: Path) -> None:
    for given, saved, kind in (
        ("a.JPEG", "a_faces.jpg", "JPEG"),
        ("b.webp", "b_faces.png", "PNG"),
        ("c", "c_faces.png", "PNG"),
    ):
        path = save_picture(PIXELS, Source(given, Path("elsewhere") / given), tmp_path)
        assert path == tmp_path / saved
        with Image.open(path) as image:
            assert (image.format, image.size) == (kind, (30, 20))


def test_a_png_keeps_every_pixel(tmp_path: Path) -> None:
    path = save_picture(PIXELS, Source("a.png", Path("a.png")), tmp_path)
    with Image.open(path) as image:
        np.testing.assert_array_equal(np.asarray(image), PIXELS)


def test_nothing_is_ever_written_over(tmp_path: Path) -> None:
    source = Source("a.png", tmp_path / "a.png")
    (tmp_path / "a_faces.png").write_text("something of somebody's")
    saved = [save_picture(PIXELS, source, tmp_path).name for _ in range(2)]
    assert saved == ["a_faces-2.png", "a_faces-3.png"]
    assert (tmp_path / "a_faces.png").read_text() == "something of somebody's"


def test_a_picture_from_standard_input_has_a_name(tmp_path: Path) -> None:
    path = save_picture(PIXELS, Source("standard input", b"..."), tmp_path)
    assert path.name == "stdin_faces.png"


def test_a_failure_leaves_no_file_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Image.Image, "save", full)
    with pytest.raises(OSError, match="No space left"):
        save_picture(PIXELS, Source("a.png", Path("a.png")), tmp_path)
    assert list(tmp_path.iterdir()) == []
