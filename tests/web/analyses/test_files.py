from pathlib import Path
from uuid import uuid4

import pytest

from mimika.web.analyses.files import folder_of, path_of, write_whole, written


def test_pictures_lie_in_a_folder_that_is_named_by_the_id(media: Path) -> None:
    analysis_id = uuid4()
    with written({analysis_id: {"original": b"1", "thumbnail": b"2"}}):
        pass
    folder = media / "analyses" / str(analysis_id)
    assert folder_of(analysis_id) == folder
    assert path_of(analysis_id, "original").read_bytes() == b"1"
    assert sorted(p.name for p in folder.iterdir()) == ["original.jpg", "thumbnail.jpg"]


def test_nothing_is_left_when_the_body_fails(media: Path) -> None:
    with pytest.raises(ZeroDivisionError), written({uuid4(): {"original": b"1"}}):
        raise ZeroDivisionError
    assert list((media / "analyses").iterdir()) == []


def test_nothing_is_left_when_a_file_cannot_be_written(media: Path) -> None:
    with (
        pytest.raises(FileNotFoundError),
        written({uuid4(): {"original": b"1"}, uuid4(): {"no/such": b"2"}}),
    ):
        pytest.fail("the body must not run")
    assert list((media / "analyses").iterdir()) == []


def test_a_file_is_written_whole_in_the_place_of_the_last_one(tmp_path: Path) -> None:
    path = tmp_path / "heat-1.png"
    for data in (b"first", b"second"):
        write_whole(path, data)
        assert path.read_bytes() == data
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_whose_folder_is_gone_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_whole(tmp_path / "gone" / "heat-1.png", b"data")
    assert list(tmp_path.iterdir()) == []
