"""The sound of a film, kept in what is recorded of it."""

import av
import numpy as np
import pytest
from films import Kind, sound_packets, video_times, write_film

from mimika.live.moment import Moment
from mimika.live.recording import Recording
from mimika.live.sound import Sound
from mimika.live.video_file import open_video_file


def copy(source, target, *, whole=True, most=10**9):
    """Records a film as it is, with its sound; up to so many frames."""
    reader = open_video_file(source)
    sound = Sound(source, reader.start_s)
    recording = Recording(target, frame_rate=reader.frame_rate, sound=sound)
    while recording.frames < most and (read := reader.read()) is not None:
        recording.show(read, Moment(read.index, read.time_s, 64, 48))
    if whole:
        recording.keep_all_sound()
    recording.close()
    reader.close()
    return recording


@pytest.mark.parametrize(
    ("source", "codec", "target"),
    [
        ("in.mp4", "aac", "out.mp4"),
        ("in.mkv", "aac", "out.mp4"),
        ("in.ts", "aac", "out.mp4"),
        ("in.mkv", "mp3", "out.mkv"),
        ("in.mkv", "flac", "out.mkv"),
    ],
)
def test_sound_is_copied_packet_by_packet(tmp_path, source, codec, target):
    path = write_film(
        tmp_path / source, [i / 25 for i in range(60)], Kind(sound=(codec,))
    )
    copy(path, tmp_path / target)
    before, after = sound_packets(path), sound_packets(tmp_path / target)
    if source.endswith("ts"):  # the header of each packet goes into that of the file
        before = [(time_s, data[7:]) for time_s, data in before]
    assert len(after) > 20
    assert [data for _, data in after] == [data for _, data in before]


@pytest.mark.parametrize(
    ("codec", "target", "becomes"),
    [("pcm_s16le", "out.mp4", "aac"), ("aac", "out.webm", "opus")],
)
def test_sound_that_players_would_not_know_is_coded_anew(
    tmp_path, codec, target, becomes
):
    path = write_film(
        tmp_path / "in.mkv", [i / 25 for i in range(60)], Kind(sound=(codec,))
    )
    copy(path, tmp_path / target)
    with av.open(str(tmp_path / target)) as container:
        stream = container.streams.audio[0]
        assert stream.codec_context.name.startswith(becomes)
        waves = [f.to_ndarray()[0] for f in container.decode(stream)]
    wave = np.concatenate(waves)
    middle = wave[len(wave) // 4 : len(wave) // 2]
    peak = np.abs(np.fft.rfft(middle)).argmax() * stream.rate / len(middle)
    assert peak == pytest.approx(440, abs=3)
    assert len(wave) / stream.rate == pytest.approx(2.4, abs=0.1)


@pytest.mark.parametrize("start_s", [0.0, 2.0])
def test_sound_stays_in_time_with_the_pictures(tmp_path, start_s):
    kind = Kind(sound=("aac",), start_s=start_s)
    path = write_film(tmp_path / "in.mkv", [i / 25 for i in range(60)], kind)
    copy(path, tmp_path / "out.mp4")
    shift = video_times(path)[0] - video_times(tmp_path / "out.mp4")[0]
    before, after = sound_packets(path), sound_packets(tmp_path / "out.mp4")
    moved = [time_s - shift for time_s, _ in before]
    assert [time_s for time_s, _ in after] == pytest.approx(moved, abs=0.002)


def test_sound_goes_on_with_the_pictures_where_a_broadcast_jumps(tmp_path):
    times, path = [i / 25 for i in range(50)], tmp_path / "in.ts"
    parts = [
        write_film(tmp_path / f"{at}.ts", times, Kind(sound=("aac",), start_s=at))
        for at in (0, 50_000)
    ]
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    copy(path, tmp_path / "out.mp4")
    assert video_times(tmp_path / "out.mp4")[-1] == pytest.approx(3.96, abs=0.1)
    assert sound_packets(tmp_path / "out.mp4")[-1][0] == pytest.approx(4.0, abs=0.2)


def test_all_sound_tracks_are_kept(tmp_path):
    kind = Kind(sound=("aac", "mp3"))
    path = write_film(tmp_path / "in.mkv", [i / 25 for i in range(30)], kind)
    copy(path, tmp_path / "out.mp4")
    for track in (0, 1):
        before = sound_packets(path, track)
        after = sound_packets(tmp_path / "out.mp4", track)
        assert [data for _, data in after] == [data for _, data in before]


def test_sound_ends_with_the_pictures_of_a_film_that_was_stopped(tmp_path):
    kind = Kind(sound=("aac",))
    path = write_film(tmp_path / "in.mp4", [i / 25 for i in range(100)], kind)
    copy(path, tmp_path / "out.mp4", whole=False, most=50)
    assert len(video_times(tmp_path / "out.mp4")) == 50
    assert sound_packets(tmp_path / "out.mp4")[-1][0] == pytest.approx(2.0, abs=0.05)
