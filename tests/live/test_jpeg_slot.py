import io
import threading
import time

import numpy as np
import pytest
from PIL import Image

from mimika.live import jpeg_slot
from mimika.live.jpeg_slot import JpegSlot, as_jpeg

BLUE = np.full((48, 64, 3), (20, 40, 220), np.uint8)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Notes each time that a JPEG is made."""
    notes: list[int] = []

    def note(pixels: np.ndarray) -> bytes:
        notes.append(int(pixels[0, 0, 0]))
        time.sleep(0.01)
        return as_jpeg(pixels)

    monkeypatch.setattr(jpeg_slot, "as_jpeg", note)
    return notes


def test_a_jpeg_has_the_colours_of_the_frame() -> None:
    with Image.open(io.BytesIO(as_jpeg(BLUE))) as image:
        assert image.format == "JPEG"
        assert image.size == (64, 48)
        assert np.abs(np.asarray(image).astype(int) - BLUE).max() < 6


def test_while_nobody_looks_nothing_is_made(made: list[int]) -> None:
    slot = JpegSlot()
    for _ in range(100):
        slot.put(BLUE)
    assert made == []


def test_a_frame_is_made_once_for_all_viewers(made: list[int]) -> None:
    slot = JpegSlot()
    slot.put(BLUE)
    got: list[object] = []
    viewers = [
        threading.Thread(target=lambda: got.append(slot.newer_than(0, 1)))
        for _ in range(8)
    ]
    for viewer in viewers:
        viewer.start()
    for viewer in viewers:
        viewer.join()
    assert len(made) == 1
    assert len(got) == 8
    assert len({id(one) for one in got}) == 1


def test_a_slow_viewer_gets_the_newest(made: list[int]) -> None:
    slot = JpegSlot()
    slot.put(BLUE)
    first = slot.newer_than(0, 1)
    assert first is not None
    for red in (1, 2, 3):
        slot.put(np.full_like(BLUE, red))
    second = slot.newer_than(first.number, 1)
    assert second is not None
    assert (first.number, second.number) == (1, 4)
    assert made == [20, 3]


def test_without_a_new_frame_the_same_comes_again_after_a_while(
    made: list[int],
) -> None:
    slot = JpegSlot()
    slot.put(BLUE)
    first = slot.newer_than(0, 1)
    assert first is not None
    assert slot.newer_than(first.number, 0.01) is first
    assert len(made) == 1


def test_before_the_first_frame_there_is_none() -> None:
    assert JpegSlot().newer_than(0, 0.01) is None


def test_closing_wakes_who_waits() -> None:
    slot = JpegSlot()
    got: list[object] = []
    viewer = threading.Thread(target=lambda: got.append(slot.newer_than(0, 3600)))
    viewer.start()
    slot.close()
    viewer.join(20)
    assert got == [None]
    assert slot.closed
