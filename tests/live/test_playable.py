"""How much of a video file plays that was not written to its end."""

import pytest
from films import write_film

from mimika.live.playable import playable_s


def test_a_whole_film_plays_up_to_its_last_picture(tmp_path):
    path = write_film(tmp_path / "a.mkv", [i / 25 for i in range(50)])
    assert playable_s(path) == pytest.approx(49 / 25, abs=0.002)


def test_half_a_film_plays_for_about_half_as_long(tmp_path):
    path = write_film(tmp_path / "a.mkv", [i / 25 for i in range(200)])
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    assert 2 < playable_s(path) < 6


@pytest.mark.parametrize("content", [b"", b"no video at all" * 50])
def test_what_is_no_video_does_not_play(tmp_path, content):
    path = tmp_path / "a.mp4"
    path.write_bytes(content)
    assert playable_s(path) is None


def test_what_is_not_there_does_not_play(tmp_path):
    assert playable_s(tmp_path / "missing.mp4") is None
