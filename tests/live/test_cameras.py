from pathlib import Path

import pytest

from mimika.live.cameras import CameraFolders, why_not_opened


def test_a_machine_without_cameras_says_none(tmp_path: Path) -> None:
    assert CameraFolders(tmp_path, tmp_path).found() == "cameras found: none"


def test_cameras_are_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    for number in (10, 2):
        (tmp_path / f"video{number}").touch()
    folders = CameraFolders(tmp_path, tmp_path / "no names")
    assert folders.found() == "cameras found: 2, 10"
    assert folders.is_gone(1)
    assert not folders.is_gone(10)


def test_elsewhere_than_on_linux_nothing_is_claimed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    folders = CameraFolders(tmp_path, tmp_path)
    assert not folders.is_gone(0)
    said = why_not_opened(0, folders)
    assert said.startswith("camera 0 cannot be opened; another program may")
    assert "which cameras there are is not known here" in said
