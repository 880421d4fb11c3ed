from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mimika.core.errors import SourceError
from mimika.live.camera import PATIENCE_S, Camera, Wish, open_device
from mimika.live.cameras import CameraFolders

BLUE_IN_BGR = np.full((4, 6, 3), (255, 0, 0), np.uint8)
Answer = tuple[bool, Any]


class Plugged:
    """A device that answers what it is told to."""

    def __init__(self, answers: Iterable[Answer] = (), *, opened: bool = True) -> None:
        self.answers, self.opened, self.released = iter(answers), opened, 0

    def isOpened(self) -> bool:  # noqa: N802
        return self.opened

    def read(self) -> Answer:
        return next(self.answers)

    def release(self) -> None:
        self.released += 1


@pytest.fixture
def folders(tmp_path: Path) -> CameraFolders:
    """A machine with the cameras 0, which has a name, and 2."""
    devices, names = tmp_path / "dev", tmp_path / "names"
    (names / "video0").mkdir(parents=True)
    (names / "video0" / "name").write_text("Laptop Camera\n")
    devices.mkdir()
    for name in ("video0", "video2", "video-old", "null"):
        (devices / name).touch()
    return CameraFolders(devices, names)


def a_clock(step_s: float) -> Iterator[float]:
    return count(100.0, step_s)


def opened(device: Plugged, folders: CameraFolders, number: int = 0) -> Camera:
    times = a_clock(0.25)
    return Camera(
        number,
        opened_by=lambda *_: device,
        folders=folders,
        clock=lambda: next(times),
    )


def test_pictures_come_as_rgb_with_their_numbers_and_times(
    folders: CameraFolders,
) -> None:
    camera = opened(Plugged([(True, BLUE_IN_BGR)] * 3), folders)
    frames = [camera.read() for _ in range(3)]
    assert camera.paced
    assert camera.title == "camera 0"
    assert all(frame is not None for frame in frames)
    assert [frame.index for frame in frames if frame] == [0, 1, 2]
    # the clock is also asked before each picture
    assert [frame.time_s for frame in frames if frame] == [0.0, 0.5, 1.0]
    assert frames[0] is not None
    assert frames[0].pixels.dtype == np.uint8
    assert (frames[0].pixels == (0, 0, 255)).all()


def test_the_device_is_asked_for_the_size(folders: CameraFolders) -> None:
    asked: list[tuple[int, Wish]] = []

    def note(number: int, wish: Wish) -> Plugged:
        asked.append((number, wish))
        return Plugged()

    Camera(0, opened_by=note, folders=folders)
    Camera(2, Wish(1280, 720, 25), opened_by=note, folders=folders)
    assert asked == [(0, Wish(640, 480, 30)), (2, Wish(1280, 720, 25))]


def test_no_such_camera_is_one_line_that_names_those_there_are(
    folders: CameraFolders,
) -> None:
    device = Plugged(opened=False)
    with pytest.raises(SourceError) as raised:
        opened(device, folders, number=1)
    said = str(raised.value)
    assert said.startswith("no camera 1: there is no ")
    assert "cameras found: 0 (Laptop Camera), 2." in said
    assert "--source" in said
    assert "\n" not in said
    assert device.released == 1


def test_a_camera_that_another_program_has_is_said_to_be(
    folders: CameraFolders,
) -> None:
    with pytest.raises(SourceError, match="another program may be using it"):
        opened(Plugged(opened=False), folders)


def test_a_camera_that_may_not_be_used_tells_the_group(
    folders: CameraFolders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(SourceError, match=r"no permission for camera 0 .*usermod"):
        opened(Plugged(opened=False), folders)


def test_a_real_number_without_a_camera_fails_without_warnings_of_opencv(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SourceError, match="camera 97"):
        Camera(97)
    assert capfd.readouterr() == ("", "")


def test_a_real_device_that_is_not_there_is_not_open() -> None:
    device = open_device(97, Wish())
    assert not device.isOpened()
    assert device.read() == (False, None)


def test_a_picture_that_was_damaged_on_the_way_is_left_out(
    folders: CameraFolders,
) -> None:
    camera = opened(Plugged([(False, None), (True, BLUE_IN_BGR)]), folders)
    frame = camera.read()
    assert frame is not None
    assert frame.index == 0


def test_a_camera_that_was_unplugged_is_noticed_at_once(folders: CameraFolders) -> None:
    camera = opened(Plugged([(True, BLUE_IN_BGR), (False, None)]), folders)
    assert camera.read() is not None
    folders.device(0).unlink()
    with pytest.raises(SourceError, match=r"no pictures any more after 1; .*unplugged"):
        camera.read()


def test_a_camera_that_never_gives_a_picture_is_given_up_after_a_while(
    folders: CameraFolders,
) -> None:
    device = Plugged((False, None) for _ in range(1000))
    camera = opened(device, folders)
    with pytest.raises(SourceError, match=r"opened but gives no pictures; another"):
        camera.read()
    left = sum(1 for _ in device.answers)
    assert 1000 - left == PATIENCE_S / 0.25


def test_a_closed_camera_is_given_back_once_and_ends(folders: CameraFolders) -> None:
    device = Plugged([(True, BLUE_IN_BGR)])
    camera = opened(device, folders)
    camera.close()
    camera.close()
    assert device.released == 1
    assert camera.read() is None
