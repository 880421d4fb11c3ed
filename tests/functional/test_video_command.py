"""`mimika video` as a process: Ctrl-C leaves whole files, and memory does not grow."""

import csv
import json
import os
import signal
import subprocess
import sys
import time

import av
import pytest
from films import Kind, sound_packets, video_times, write_film
from servers import environment

LONG = """
import json, sys
from pathlib import Path
import psutil
from mimika.core.tasks import EMOTION
from mimika.live.film import play
from mimika.live.moment import Moment, Person
from mimika.live.recording import Recording
from mimika.live.sound import Sound
from mimika.live.summary import Summary
from mimika.live.timeline import Timeline
from mimika.live.video_file import open_video_file

film, folder = Path(sys.argv[1]), Path(sys.argv[2])
shares = dict.fromkeys(EMOTION.keys, 1 / len(EMOTION.keys))

def read(frame):
    people = [Person(n, (4, 4, 20, 20), "happy", shares, True) for n in (1, 2)]
    return Moment(frame.index, frame.time_s, 64, 48, tuple(people))

reader = open_video_file(film)
marked = Recording(folder / "o.mp4", frame_rate=30, sound=Sound(film, reader.start_s))
plain = [Summary(EMOTION), Timeline(folder / "t.csv", EMOTION)]
sizes = {}

def told(time_s):
    quarter = int(4 * time_s / reader.duration_s)
    sizes.setdefault(quarter, psutil.Process().memory_info().rss)

played = play(reader, read, [*plain, marked], progress=told)
sizes[4] = psutil.Process().memory_info().rss
for sink in (*plain, marked):
    sink.close()
print(json.dumps({"frames": played.frames, "sizes": sizes}))
"""


MIMIKA = (sys.executable, "-m", "mimika", "video")
TIMES = [i / 30 for i in range(6000)]


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    """More than three minutes with sound."""
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    return write_film(path, TIMES, Kind(sound=("aac",)))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_film_that_is_stopped_leaves_whole_files(film, tmp_path, number):
    out, table = tmp_path / "out.mp4", tmp_path / "t.csv"
    plot = tmp_path / "t.png"
    process = subprocess.Popen(
        [
            *MIMIKA,
            str(film),
            "--json",
            f"--out={out}",
            f"--csv={table}",
            f"--plot={plot}",
        ],
        env=environment(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    partial = tmp_path / "out.mp4.partial"
    limit = time.monotonic() + 60
    while not (partial.exists() and partial.stat().st_size > 1000):
        assert process.poll() is None
        assert time.monotonic() < limit
        time.sleep(0.02)
    process.send_signal(number)
    stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == 1, stderr
    assert stderr.startswith("Stopped after "), stderr
    assert "Traceback" not in stderr
    answer = json.loads(stdout)
    assert not answer["finished"]
    played = video_times(out)
    assert 0 < len(played) == answer["frames"] < len(TIMES)
    assert played == pytest.approx(TIMES[: len(played)], abs=0.0001)
    assert sound_packets(out)[-1][0] == pytest.approx(played[-1], abs=0.1)
    with av.open(str(out)) as container:
        assert container.streams.video[0].frames == len(played)  # made an ordinary one
    with table.open(newline="") as file:
        assert next(csv.reader(file))[0] == "time_s"
    assert plot.exists()
    assert not list(tmp_path.glob("*.partial"))


def test_memory_is_flat_over_a_long_film(film, tmp_path):
    helpers = os.pathsep.join(sys.path)
    done = subprocess.run(
        [sys.executable, "-c", LONG, str(film), str(tmp_path)],
        env=environment(tmp_path, PYTHONPATH=helpers),
        capture_output=True,
        text=True,
        check=True,
    )
    answer = json.loads(done.stdout)
    assert answer["frames"] == len(TIMES)
    grown_mib = (answer["sizes"]["4"] - answer["sizes"]["1"]) / 2**20
    frame_mib = 64 * 48 * 3 / 2**20
    assert grown_mib < 8, answer["sizes"]
    assert 0.75 * len(TIMES) * frame_mib > 4 * 8  # so keeping frames would be seen
    assert len(video_times(tmp_path / "o.mp4")) == len(TIMES)
