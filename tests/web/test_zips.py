import zipfile
from pathlib import Path

import pytest

from mimika.web.zips import Member, zipped


def test_bytes_and_files_become_members(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"from a file")
    files: list[Member] = [("a.json", b"{}"), ("below/b.jpg", tmp_path / "file")]
    with zipped(files) as file, zipfile.ZipFile(file) as archive:
        assert archive.namelist() == ["a.json", "below/b.jpg"]
        assert archive.read("below/b.jpg") == b"from a file"
        assert archive.testzip() is None


def test_a_file_that_has_gone_is_left_out(tmp_path: Path) -> None:
    files: list[Member] = [("gone.jpg", tmp_path / "gone"), ("a.json", b"{}")]
    with zipped(files) as file, zipfile.ZipFile(file) as archive:
        assert archive.namelist() == ["a.json"]


def test_a_source_that_fails_leaves_no_file_open() -> None:
    def failing() -> "object":
        yield "a.json", b"{}"
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        zipped(failing())  # type: ignore[arg-type]  # an open file would be a warning
