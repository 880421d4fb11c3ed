import av
import pytest
from films import write_film

from mimika.core.errors import ConfigError
from mimika.live.video_formats import FORMATS, check_recording, coding_of


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_kind_of_file_has_a_coding_in_the_wheel_of_pyav(tmp_path, suffix):
    path = tmp_path / f"a{suffix.upper()}"
    check_recording(path)
    assert coding_of(path).encoder in ("libx264", "libvpx-vp9")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a.txt", r"ends with \.mp4"),
        ("a", r"ends with \.mp4"),
        ("no/a.mp4", "make it first"),
        ("folder.mp4", "a folder"),
        ("in.mp4", "the video that is read"),
        ("link.mp4", "the video that is read"),
    ],
)
def test_what_cannot_be_recorded_to_is_refused_before_any_work(tmp_path, name, said):
    (tmp_path / "folder.mp4").mkdir()
    source = write_film(tmp_path / "in.mp4", [0, 0.1])
    (tmp_path / "link.mp4").symlink_to(source)
    with pytest.raises(ConfigError, match=said):
        check_recording(tmp_path / name, source)


def test_without_any_encoder_the_kind_of_file_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(av, "codecs_available", {"mpeg4"})
    with pytest.raises(ConfigError, match=r"without libvpx-vp9; take another kind"):
        coding_of(tmp_path / "a.webm")
