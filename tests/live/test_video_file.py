from fractions import Fraction

import av
import numpy as np
import pytest
from films import Kind, damage_pictures, index_of, marked, write_film

from mimika.core.errors import SourceError
from mimika.live.video_file import RETRIES, VideoReader, open_video, open_video_file

STEADY = [i / 30 for i in range(25)]
UNEVEN = [0, 0.04, 0.1, 0.5, 0.51, 0.9, 1.4, 1.41, 2.0]


def frames_of(path):
    reader = open_video_file(path)
    frames = []
    while (frame := reader.read()) is not None:
        frames.append(frame)
    reader.close()
    return frames, reader


@pytest.mark.parametrize("name", ["film.mp4", "film.mkv", "film.mov"])
def test_frames_come_in_the_order_in_which_they_are_shown_with_their_own_times(
    tmp_path, name
):
    path = write_film(tmp_path / name, UNEVEN, Kind(b_frames=3))
    frames, reader = frames_of(path)
    assert [index_of(frame.pixels) for frame in frames] == list(range(9))
    assert [frame.index for frame in frames] == list(range(9))
    assert [frame.time_s for frame in frames] == pytest.approx(UNEVEN, abs=0.0011)
    assert not reader.paced
    assert reader.damaged == 0


def test_times_count_from_the_first_frame_where_a_file_starts_later(tmp_path):
    path = write_film(tmp_path / "film.mkv", STEADY, Kind(start_s=3.5))
    frames, reader = frames_of(path)
    assert [frame.time_s for frame in frames] == pytest.approx(STEADY, abs=0.0011)
    assert reader.start_s == pytest.approx(3.5, abs=0.001)


def test_a_stream_without_timestamps_goes_by_its_rate(tmp_path):
    path = write_film(tmp_path / "film.h264", STEADY, Kind(b_frames=0))
    frames, _ = frames_of(path)
    steps = np.diff([frame.time_s for frame in frames])
    assert len(frames) == 25
    assert steps.min() == pytest.approx(steps.max())
    assert steps.min() > 0


def test_length_rate_and_number_of_frames_are_known_before_reading(tmp_path):
    reader = open_video_file(write_film(tmp_path / "film.mp4", STEADY))
    assert reader.duration_s == pytest.approx(25 / 30, abs=0.01)
    assert reader.frame_rate == pytest.approx(30, rel=0.01)
    assert reader.frames == 25
    assert reader.title == "film.mp4"
    reader.close()


@pytest.mark.parametrize(
    ("rotation", "corner"),
    [(0, (0, 0)), (90, (-1, 0)), (180, (-1, -1)), (270, (0, -1)), (-90, (0, -1))],
)
def test_a_film_is_turned_as_its_display_matrix_says(tmp_path, rotation, corner):
    path = write_film(tmp_path / "film.mp4", STEADY, Kind(rotation=rotation))
    pixels = frames_of(path)[0][3].pixels
    assert pixels.shape == ((64, 48, 3) if rotation % 180 else (48, 64, 3))
    assert pixels.flags.c_contiguous
    red = pixels[corner]
    assert red[0] > 180
    assert red[2] < 80


def test_colours_are_red_green_and_blue(tmp_path):
    path = write_film(tmp_path / "film.mp4", STEADY)
    pixels = frames_of(path)[0][0].pixels
    assert pixels.dtype == np.uint8
    assert np.abs(pixels[4, 4].astype(int) - (230, 20, 20)).max() < 12
    assert np.abs(pixels[-4, -4].astype(int) - (20, 20, 230)).max() < 12


@pytest.mark.parametrize(
    ("aspect", "shape"),
    [(Fraction(3, 2), (48, 96, 3)), (Fraction(3, 4), (64, 64, 3))],
)
def test_pixels_that_are_not_square_are_made_square(tmp_path, aspect, shape):
    path = write_film(tmp_path / "film.mp4", STEADY, Kind(pixel_aspect=aspect))
    assert frames_of(path)[0][0].pixels.shape == shape


def test_odd_sizes_are_read(tmp_path):
    path = write_film(
        tmp_path / "film.mkv",
        STEADY,
        Kind(codec="ffv1"),
        (marked(i, 63, 47) for i in range(25)),
    )
    assert frames_of(path)[0][0].pixels.shape == (47, 63, 3)


def test_pictures_that_cannot_be_decoded_are_counted_and_left_out(tmp_path):
    path = write_film(tmp_path / "film.mp4", [i / 30 for i in range(120)])
    damage_pictures(path, (35, 36, 72))
    frames, reader = frames_of(path)
    assert 100 < len(frames) < 120
    assert frames[-1].time_s == pytest.approx(119 / 30, abs=0.001)
    assert reader.damaged == 3


def test_after_damage_to_the_container_the_next_good_frame_comes(tmp_path):
    path = write_film(tmp_path / "film.mkv", [i / 30 for i in range(120)])
    data = bytearray(path.read_bytes())
    rng = np.random.default_rng(0)
    third = len(data) // 3
    data[third : third + 1500] = rng.integers(0, 256, 1500, np.uint8).tobytes()
    path.write_bytes(data)
    frames, _ = frames_of(path)
    assert 40 < len(frames) < 120
    assert frames[-1].time_s > 3.8
    assert np.all(np.diff([frame.time_s for frame in frames]) >= 0)


def test_a_file_that_was_cut_off_gives_what_is_there_and_says_so(tmp_path):
    whole = tmp_path / "whole.mp4"
    with av.open(str(whole), "w", options={"movflags": "faststart"}) as output:
        stream = output.add_stream("libx264", rate=30)
        stream.width, stream.height = 64, 48
        rng = np.random.default_rng(0)
        for _ in range(150):
            noise = rng.integers(0, 256, (48, 64, 3), np.uint8)
            output.mux(stream.encode(av.VideoFrame.from_ndarray(noise, "rgb24")))
        output.mux(stream.encode(None))
    frames, reader = frames_of(whole)
    assert not reader.cut_off
    half = tmp_path / "half.mp4"
    half.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    fewer, reader = frames_of(half)
    assert 20 < len(fewer) < len(frames)
    assert reader.cut_off


def sound_only(path):
    with av.open(str(path), "w") as output:
        stream = output.add_stream("aac", rate=44_100)
        silence = np.zeros((1, 1024), np.int16)
        frame = av.AudioFrame.from_ndarray(silence, "s16", "mono")
        frame.sample_rate = 44_100
        output.mux(stream.encode(frame))
        output.mux(stream.encode(None))


def picture(path):
    from PIL import Image

    Image.new("RGB", (40, 30)).save(path)


@pytest.mark.parametrize(
    ("name", "make", "said"),
    [
        ("missing.mp4", lambda path: None, "no such file"),
        ("folder.mp4", lambda path: path.mkdir(), "a folder"),
        ("empty.mp4", lambda path: path.touch(), "empty"),
        ("text.mp4", lambda path: path.write_text("word " * 999), "not a video|cannot"),
        ("text.txt", lambda path: path.write_text("word " * 999), "not a video|cannot"),
        ("sound.mp4", sound_only, "holds no video, only audio"),
        ("still.png", picture, "still pictures"),
        ("still.jpg", picture, "still pictures"),
    ],
)
def test_what_is_no_video_is_refused_with_its_name_and_the_reason(
    tmp_path, name, make, said
):
    path = tmp_path / name
    make(path)
    with pytest.raises(SourceError, match=said) as caught:
        open_video_file(path)
    assert name in str(caught.value)


def test_a_name_with_a_colon_is_a_file(tmp_path):
    path = write_film(tmp_path / "http:film.mp4", STEADY)
    assert len(frames_of(path)[0]) == 25


def test_an_address_that_nobody_answers_is_an_error_that_hides_the_address():
    with pytest.raises(SourceError, match="the door: cannot be opened") as caught:
        open_video("http://me:secret@127.0.0.1:9/x", title="the door", timeout_s=2)
    assert "secret" not in str(caught.value)


def test_a_closed_reader_gives_nothing_more(tmp_path):
    path = write_film(tmp_path / "film.mp4", STEADY)
    container = open_video(f"file:{path}", title="film")
    reader = VideoReader(container, "film", paced=True)
    assert reader.paced
    reader.close()
    reader.close()
    assert reader.read() is None


class Stumbling:
    """A container whose packets are interrupted by damage, again and again."""

    def __init__(self, container):
        self._container, self._left = container, 3 * RETRIES
        self.format, self.duration = container.format, container.duration
        self.streams, self.close = container.streams, container.close

    def demux(self, stream):
        for packet in self._container.demux(stream):
            yield packet
            if self._left:
                self._left -= 1
                raise av.InvalidDataError(1, "bad")


def test_damage_ends_a_film_only_where_nothing_good_comes_in_between(tmp_path):
    times = [i / 30 for i in range(4 * RETRIES)]
    path = write_film(tmp_path / "film.mkv", times)
    container = Stumbling(open_video(f"file:{path}", title="film"))
    reader = VideoReader(container, "film")
    assert sum(1 for _ in iter(reader.read, None)) == len(times)
    assert reader.damaged == 3 * RETRIES
    reader.close()


@pytest.mark.parametrize(("name", "length_s"), [("film.ts", 2.0), ("film.mkv", 3601.0)])
def test_only_a_broadcast_may_jump_ahead(tmp_path, name, length_s):
    times = [i / 25 for i in range(25)] + [3600 + i / 25 for i in range(25)]
    frames, reader = frames_of(write_film(tmp_path / name, times, Kind(b_frames=0)))
    assert frames[-1].time_s == pytest.approx(length_s - 0.04, abs=0.05)
    assert not reader.cut_off
