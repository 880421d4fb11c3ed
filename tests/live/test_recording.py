import os
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest
from films import (
    index_of,
    marked,
    video_times,
)

from mimika.live.frames import Frame
from mimika.live.moment import Moment
from mimika.live.recording import Recording
from mimika.live.video_file import open_video_file

UNEVEN = [0, 0.04, 0.1, 0.5, 0.51, 0.9, 1.4, 1.41, 2.0]
TICK = 1 / 90_000
LINES = """
import sys
from pathlib import Path
from films import marked
from mimika.live.frames import Frame
from mimika.live.moment import Moment
from mimika.live.recording import Recording
recording = Recording(Path(sys.argv[1]), frame_rate=30)
for index in range(600):
    recording.show(Frame(marked(index), index / 30, index), Moment(index, 0, 64, 48))
print("written", flush=True)
sys.stdin.read()
"""


def frame(index, time_s, width=64, height=48):
    return Frame(marked(index, width, height), time_s, index)


def record(path, times_s, size=(64, 48), **options):
    recording = Recording(path, **options)
    for index, time_s in enumerate(times_s):
        recording.show(frame(index, time_s, *size), Moment(index, time_s, *size))
    recording.close()
    return recording


def boxes(path):
    """Names of the parts of an MP4 file; a fragmented one has moof among them."""
    data, names, at = path.read_bytes(), [], 0
    while at < len(data):
        names.append(data[at + 4 : at + 8].decode())
        at += int.from_bytes(data[at : at + 4])
    return names


@pytest.mark.parametrize(
    ("name", "exact"),
    [("a.mp4", TICK), ("a.mov", TICK), ("a.mkv", 0.0006), ("a.webm", 0.0006)],
)
def test_each_frame_keeps_its_own_time_and_picture(tmp_path, name, exact):
    path = tmp_path / name
    record(path, UNEVEN)
    assert video_times(path) == pytest.approx(UNEVEN, abs=exact)
    reader = open_video_file(path)
    assert [index_of(reader.read().pixels) for _ in UNEVEN] == list(range(9))
    reader.close()
    assert not (tmp_path / f"{name}.partial").exists()


def test_colours_come_back_as_they_were(tmp_path):
    path = tmp_path / "a.mp4"
    record(path, UNEVEN)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert stream.codec_context.colorspace == 1
        assert stream.codec_context.pix_fmt == "yuv420p"
    reader = open_video_file(path)
    pixels = reader.read().pixels.astype(int)
    reader.close()
    assert np.abs(pixels[4, 4] - (230, 20, 20)).max() < 12
    assert np.abs(pixels[-4, -4] - (20, 20, 230)).max() < 12


def test_odd_sizes_are_made_even_by_a_repeated_border(tmp_path):
    path = tmp_path / "a.mp4"
    record(path, UNEVEN, size=(63, 47))
    reader = open_video_file(path)
    pixels = reader.read().pixels
    reader.close()
    assert pixels.shape == (48, 64, 3)
    assert pixels[-1, -1, 2] > 180


def test_a_frame_of_another_size_is_fitted_with_black_borders(tmp_path):
    path = tmp_path / "a.mp4"
    recording = Recording(path)
    recording.show(frame(0, 0.0), Moment(0, 0, 64, 48))
    recording.show(frame(20, 0.1, 48, 96), Moment(1, 0.1, 48, 96))
    recording.close()
    reader = open_video_file(path)
    reader.read()
    second = reader.read().pixels
    reader.close()
    assert second.shape == (48, 64, 3)
    assert second[:, :12].max() < 30
    assert index_of(second) == 20


def test_frames_that_share_a_time_are_all_kept(tmp_path):
    path = tmp_path / "a.mp4"
    record(path, [0, 0.1, 0.1, 0.1, 0.2])
    times = video_times(path)
    assert len(times) == 5
    assert np.all(np.diff(times) > 0)


def test_a_finished_mp4_is_an_ordinary_one_that_tells_its_length(tmp_path):
    path = tmp_path / "a.mp4"
    record(path, [i / 30 for i in range(90)], frame_rate=30)
    assert boxes(path) == ["ftyp", "free", "mdat", "moov"]
    with av.open(str(path)) as container:
        assert container.streams.video[0].frames == 90
        assert container.duration == pytest.approx(3_000_000, abs=1000)


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv"])
def test_what_a_killed_process_wrote_plays(tmp_path, name):
    path = tmp_path / name
    helpers = str(Path(sys.modules["films"].__file__).parent)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([helpers, *sys.path])}
    with subprocess.Popen(
        [sys.executable, "-c", LINES, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
    ) as process:
        assert process.stdout.readline() == b"written\n"
        process.kill()
    times = video_times(tmp_path / f"{name}.partial")
    assert len(times) > 450
    assert times == pytest.approx([i / 30 for i in range(len(times))], abs=0.001)
    assert not path.exists()


def on_a_full_disk(path):
    """Records noise until 400 kB are full: what was said."""
    code = f"""
import resource, signal, sys
from pathlib import Path
import numpy as np
from mimika.live.frames import Frame
from mimika.live.moment import Moment
from mimika.live.recording import Recording
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
rng = np.random.default_rng(0)
recording = Recording(Path({str(path)!r}), frame_rate=30)
try:
    for index in range(900):
        pixels = rng.integers(0, 256, (48, 64, 3), np.uint8)
        recording.show(Frame(pixels, index / 30, index), Moment(index, 0, 64, 48))
except OSError as error:
    print("show:", error)
try:
    recording.close()
except OSError as error:
    print("close:", error)
"""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, check=True
    )
    return done.stdout.decode()


def show_all(recording, shown):
    for picture, time_s in shown:
        recording.show(picture, Moment(picture.index, time_s, 64, 48))


def times_of_a_part(path):
    reader = open_video_file(path)
    times_s = [read.time_s for read in iter(reader.read, None)]
    reader.close()
    return times_s


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv"])
def test_a_full_disk_leaves_what_plays_and_the_error_says_how_much_and_where(
    tmp_path, name
):
    path = tmp_path / name
    said = on_a_full_disk(path)
    times_s = times_of_a_part(path)
    assert len(times_s) > 30
    assert [each.name for each in tmp_path.iterdir()] == [name]
    assert f"close: {path}: cannot be written any more (File too large)" in said
    assert f"the first {times_s[-1]:.1f} s play and are kept in {path}\n" in said


def test_on_a_full_disk_a_part_does_not_replace_a_whole_film(tmp_path):
    path = tmp_path / "a.mp4"
    path.write_bytes(b"former")
    said = on_a_full_disk(path)
    assert path.read_bytes() == b"former"
    assert len(times_of_a_part(tmp_path / "a.mp4.partial")) > 30
    assert f"are kept in {path}.partial\n" in said


def test_a_hole_that_a_file_cannot_hold_is_an_error_that_names_it(tmp_path):
    path = tmp_path / "a.mp4"
    recording = Recording(path)
    late = [i / 30 for i in range(60)] + [30_000 + i / 30 for i in range(100)]
    shown = [(frame(index, time_s), time_s) for index, time_s in enumerate(late)]
    with pytest.raises(OSError, match=r"a\.mp4: cannot be written \("):
        show_all(recording, shown)
    with pytest.raises(OSError, match=r"a\.mp4: .* play and are kept in .*a\.mp4$"):
        recording.close()
    assert len(times_of_a_part(path)) > 30


def test_a_hole_that_shows_at_the_end_is_an_error_too(tmp_path):
    recording = Recording(tmp_path / "a.mp4")
    for index, time_s in enumerate([0.0, 0.1, 0.2, 30_000.0, 30_000.1]):
        recording.show(frame(index, time_s), Moment(index, time_s, 64, 48))
    with pytest.raises(OSError, match=r"a\.mp4: cannot be written any more"):
        recording.close()


def test_a_file_that_cannot_be_opened_is_named(tmp_path):
    path = tmp_path / "gone" / "a.mp4"
    path.parent.mkdir()
    recording = Recording(path)
    path.parent.rmdir()
    recording.show(frame(0, 0.0), Moment(0, 0, 64, 48))
    with pytest.raises(OSError, match=r"a\.mp4: .*\(No such file.*\); nothing of it"):
        recording.close()


@pytest.mark.parametrize("name", ["a.mp4", "a.webm"])
@pytest.mark.parametrize("rate", [5, 30, 100])
def test_a_key_frame_comes_after_two_seconds_at_any_rate(tmp_path, rate, name):
    path = tmp_path / name
    record(path, [i / rate for i in range(5 * rate)])
    with av.open(str(path)) as container:
        packets = [p for p in container.demux(video=0) if p.size]
        keys_s = [float(p.pts * p.time_base) for p in packets if p.is_keyframe]
    assert {0, 2, 4} <= {round(key_s, 1) for key_s in keys_s}  # and where scenes end


def test_a_file_that_was_there_stays_until_the_new_one_is_whole(tmp_path):
    path = tmp_path / "a.mp4"
    path.write_bytes(b"former")
    recording = Recording(path)
    recording.show(frame(0, 0.0), Moment(0, 0, 64, 48))
    assert path.read_bytes() == b"former"
    recording.close()
    recording.close()
    assert len(video_times(path)) == 1


def test_without_a_frame_nothing_is_written(tmp_path):
    path = tmp_path / "a.mp4"
    path.write_bytes(b"former")
    Recording(path).close()
    assert [each.name for each in tmp_path.iterdir()] == ["a.mp4"]
    assert path.read_bytes() == b"former"


def test_without_an_encoder_of_h264_mpeg4_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr(av, "codecs_available", {"mpeg4"})
    path = tmp_path / "a.mp4"
    record(path, UNEVEN)
    with av.open(str(path)) as container:
        assert container.streams.video[0].codec_context.name == "mpeg4"
    assert video_times(path) == pytest.approx(UNEVEN, abs=1 / 60_000)
    reader = open_video_file(path)
    pixels = reader.read().pixels.astype(int)
    reader.close()
    assert np.abs(pixels[4, 4] - (230, 20, 20)).max() < 20
