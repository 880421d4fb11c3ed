"""How fast `mimika video` is, as a multiple of real time, and what memory it takes.

    python benchmarks/video.py --seconds 20

The film is drawn: 640 x 480 at 30 frames a second, matplotlib's photograph of Grace
Hopper wandering over a blurred ground, with a sine as its sound. The stages are timed
one by one on the same frames; "decoding alone" is the floor under everything else. The
commands at the end are whole: a process from its start to its exit.
"""

import argparse
import contextlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import psutil
from timing import yardstick

sys.path.append(str(Path(__file__).resolve().parents[1] / "tools"))
from photographs import hopper

from mimika.cli.looking import open_look
from mimika.live.recording import Recording
from mimika.live.sound import Sound
from mimika.live.video_file import open_video_file
from mimika.runtime.hardware import Hardware

RATE, WIDTH, HEIGHT = 30, 640, 480
SOUND_RATE = 44_100


def pictures(seconds: int) -> Iterator[np.ndarray]:
    """Frames, uint8 (480, 640, 3), RGB: one face that wanders and grows."""
    photograph = cv2.imread(str(hopper()))
    assert photograph is not None
    coarse = np.random.default_rng(0).integers(0, 256, (12, 16, 3), np.uint8)
    ground = cv2.resize(coarse, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
    for index in range(seconds * RATE):
        at = index / RATE
        height = round(300 + 60 * np.sin(at / 3))
        width = round(height * 512 / 600)
        x = round((WIDTH - width) * (0.5 + 0.45 * np.sin(at / 2)))
        y = round((HEIGHT - height) * (0.5 + 0.45 * np.cos(at / 2.6)))
        frame = ground.copy()
        frame[y : y + height, x : x + width] = cv2.resize(photograph, (width, height))
        yield frame[:, :, ::-1]


def draw_film(path: Path, seconds: int) -> None:
    """Writes the film with its sound."""
    with av.open(str(path), "w") as output:
        stream = output.add_stream("libx264", rate=RATE, options={"crf": "20"})
        stream.width, stream.height = WIDTH, HEIGHT
        track = output.add_stream("aac", rate=SOUND_RATE)
        for index, pixels in enumerate(pictures(seconds)):
            picture = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), "rgb24")
            output.mux(stream.encode(picture))
            if index % RATE == 0:
                place = np.arange(
                    index // RATE * SOUND_RATE, SOUND_RATE * (index // RATE + 1)
                )
                wave = np.sin(place / SOUND_RATE * 440 * 2 * np.pi) * 9000
                sound = av.AudioFrame.from_ndarray(
                    wave.astype(np.int16)[None], "s16", "mono"
                )
                sound.sample_rate, sound.pts = SOUND_RATE, int(place[0])
                sound.time_base = Fraction(1, SOUND_RATE)
                output.mux(track.encode(sound))
        for each in (stream, track):
            output.mux(each.encode(None))


def decoding(film: Path) -> float:
    """Seconds to read all frames."""
    started = time.perf_counter()
    reader = open_video_file(film)
    while reader.read() is not None:
        pass
    reader.close()
    return time.perf_counter() - started


def stages(film: Path) -> dict[str, float]:
    """Seconds of each stage over all frames, one after the other on this thread."""
    look = open_look(None, Hardware())
    reader = open_video_file(film)
    recording = Recording(
        film.with_name("stages.mp4"),
        frame_rate=RATE,
        sound=Sound(film, reader.start_s),
    )
    spent = {"decoding": 0.0, "looking": 0.0, "drawing": 0.0, "coding": 0.0}
    while True:
        marks = [time.perf_counter()]
        frame = reader.read()
        marks.append(time.perf_counter())
        if frame is None:
            break
        moment = look.read(frame)
        marks.append(time.perf_counter())
        drawn = look.draw(frame, moment)
        marks.append(time.perf_counter())
        recording.show(drawn, moment)
        marks.append(time.perf_counter())
        for name, step in zip(spent, np.diff(marks).tolist(), strict=True):
            spent[name] += step
    recording.close()
    reader.close()
    return spent


def preset(film: Path, name: str) -> tuple[float, int]:
    """Seconds of all cores to code all frames with a preset of x264, and the bytes."""
    reader, spent, size = open_video_file(film), 0.0, 0
    with av.open(str(film.with_name("preset.mp4")), "w") as output:
        options = {"preset": name, "crf": "21"}
        stream = output.add_stream("libx264", rate=RATE, options=options)
        stream.width, stream.height = WIDTH, HEIGHT
        while (frame := reader.read()) is not None:
            picture = av.VideoFrame.from_ndarray(frame.pixels, "rgb24")
            planar = picture.reformat(format="yuv420p", threads=1)
            started = time.process_time()
            packets = stream.encode(planar)
            spent += time.process_time() - started
            size += sum(packet.size for packet in packets)
    reader.close()
    return spent, size


def command(film: Path, *options: str) -> tuple[float, float, float]:
    """Seconds of the whole command, those of all cores together, and MiB at most."""
    started, most, spent = time.perf_counter(), 0, 0.0
    process = psutil.Popen(
        [sys.executable, "-m", "mimika", "video", str(film), *options],
        stdout=subprocess.DEVNULL,
    )
    while process.poll() is None:
        with contextlib.suppress(psutil.Error):  # it may end right now
            most = max(most, process.memory_info().rss)
            spent = sum(process.cpu_times()[:2])
        time.sleep(0.05)
    assert process.returncode == 0
    return time.perf_counter() - started, spent, most / 2**20


def main() -> None:
    """Prints a line for each stage and each command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=20, help="length of the film")
    parser.add_argument("--film", type=Path, help="a film of your own instead")
    asked = parser.parse_args()
    unit_ms = yardstick(30).p50
    with tempfile.TemporaryDirectory() as folder:
        film = asked.film or Path(folder) / "film.mp4"
        if asked.film is None:
            draw_film(film, asked.seconds)
        reader = open_video_file(film)
        frames, length_s = reader.frames or 1, reader.duration_s or 1.0
        reader.close()
        print(f"{length_s:.1f} s, {frames} frames; yardstick {unit_ms:.2f} ms")
        columns = f"{'ms/frame':>9} {'CPU ms':>7} {'x real time':>12} {'MiB':>6}"
        print(f"{'':32} {columns} {'ratio':>7}")

        def line(
            name: str, seconds: float, cpu_s: float = 0, memory: float = 0
        ) -> None:
            each_ms = 1000 * seconds / frames
            cpu = f"{1000 * cpu_s / frames:.2f}" if cpu_s else ""
            size = f"{memory:.0f}" if memory else ""
            print(
                f"{name:32} {each_ms:9.2f} {cpu:>7} {length_s / seconds:12.1f} "
                f"{size:>6} {each_ms / unit_ms:7.2f}"
            )

        line("decoding alone", decoding(film))
        for name, seconds in stages(film).items():
            line(f"stage: {name}", seconds)
        if asked.film is None:
            for name in ("ultrafast", "superfast", "veryfast", "faster"):
                spent, size = preset(film, name)
                print(
                    f"x264 {name:27} {'':9} {1000 * spent / frames:7.2f}   "
                    f"{size / 1000:.0f} kB"
                )
        target = Path(folder)
        line("mimika video", *command(film))
        line(
            "mimika video --csv --plot",
            *command(
                film, "--csv", str(target / "t.csv"), "--plot", str(target / "t.png")
            ),
        )
        line(
            "mimika video --out --csv --plot",
            *command(
                film,
                "--out",
                str(target / "o.mp4"),
                "--csv",
                str(target / "t.csv"),
                "--plot",
                str(target / "t.png"),
            ),
        )


if __name__ == "__main__":
    main()
