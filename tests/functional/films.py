"""Films for tests: drawn pictures and a sine, written and read by PyAV alone."""

import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

TIME_BASE = Fraction(1, 90_000)
RATE = 44_100  # of the sound


@dataclass(frozen=True)
class Kind:
    """How a film is written.

    Attributes:
        codec: of its pictures.
        rotation: counter-clockwise degrees by which players turn it.
        pixel_aspect: width of a pixel by its height.
        sound: codings of its sound tracks.
        start_s: time of the first picture; the sound starts with it.
        b_frames: pictures in a row that are stored in another order than shown.
    """

    codec: str = "libx264"
    rotation: int = 0
    pixel_aspect: Fraction | None = None
    sound: tuple[str, ...] = ()
    start_s: float = 0.0
    b_frames: int = 2


PLAIN = Kind()


def marked(index: int, width: int = 64, height: int = 48) -> np.ndarray:
    """A picture with a red field at its upper left, a blue one at the lower right.

    The grey between says the index, 8 levels apart.
    """
    pixels = np.full((height, width, 3), 8 * (index % 30), np.uint8)
    pixels[: height // 3, : width // 3] = (230, 20, 20)
    pixels[-height // 3 :, -width // 3 :] = (20, 20, 230)
    return pixels


def index_of(pixels: np.ndarray) -> int:
    """The index that `marked` drew, up to 30."""
    height, width = pixels.shape[:2]
    middle = pixels[height // 2 - 2 : height // 2 + 2, width // 2 - 2 : width // 2 + 2]
    return round(float(middle.mean()) / 8)


def write_film(
    path: Path,
    times_s: Sequence[float],
    kind: Kind = PLAIN,
    pictures: Iterable[np.ndarray] | None = None,
) -> Path:
    """Writes a film whose pictures are shown at these times."""
    drawn = iter(pictures or (marked(i) for i in range(len(times_s))))
    with av.open(str(path), "w") as output:
        first = next(drawn)
        stream = output.add_stream(kind.codec, rate=30, time_base=TIME_BASE)
        stream.height, stream.width = first.shape[:2]
        stream.pix_fmt = "yuv420p"
        stream.gop_size = 10
        if kind.codec == "libx264":
            stream.codec_context.max_b_frames = kind.b_frames
        if kind.rotation:
            stream.set_display_rotation(kind.rotation)
        if kind.pixel_aspect:
            stream.sample_aspect_ratio = kind.pixel_aspect
        tracks = [output.add_stream(name, rate=RATE) for name in kind.sound]
        tones = [tone(times_s[-1], kind.start_s, n) for n in range(len(tracks))]
        for time_s, picture in zip(times_s, _chain(first, drawn), strict=True):
            frame = av.VideoFrame.from_ndarray(picture, "rgb24")
            frame.pts = round((time_s + kind.start_s) / TIME_BASE)
            frame.time_base = TIME_BASE
            output.mux(stream.encode(frame))
            for track, waves in zip(tracks, tones, strict=True):
                for wave in _until(waves, time_s + kind.start_s):
                    output.mux(track.encode(wave))
        for each in (stream, *tracks):
            output.mux(each.encode(None))
    return path


def damage_pictures(path: Path, numbers: Collection[int]) -> None:
    """Overwrites these packets of pictures of an MP4 with noise, and nothing else."""
    with av.open(str(path)) as film:
        packets = [packet for packet in film.demux(video=0) if packet.size]
        places = [(packets[i].pos, packets[i].size) for i in numbers]
    noise = np.random.default_rng(0)
    with path.open("r+b") as file:
        for position, size in places:
            file.seek(position)
            file.write(noise.bytes(size))


def tone(length_s: float, start_s: float, number: int) -> Iterator[av.AudioFrame]:
    """A sine of 440 Hz and its multiples, a piece of 1024 samples at a time."""
    for piece in range(math.ceil(length_s * RATE / 1024)):
        place = np.arange(piece * 1024, (piece + 1) * 1024) / RATE
        wave = np.sin(2 * np.pi * 440 * (number + 1) * place) * 9000
        frame = av.AudioFrame.from_ndarray(wave.astype(np.int16)[None], "s16", "mono")
        frame.sample_rate, frame.time_base = RATE, Fraction(1, RATE)
        frame.pts = piece * 1024 + round(start_s * RATE)
        yield frame


def video_times(path: Path) -> list[float]:
    """When each picture of a film is shown; decodes all of them."""
    with av.open(str(path)) as container:
        return [frame.time for frame in container.decode(video=0)]


def sound_packets(path: Path, track: int = 0) -> list[tuple[float, bytes]]:
    """Time and bytes of each packet of a sound track."""
    with av.open(str(path)) as container:
        packets = container.demux(container.streams.audio[track])
        return [(float(p.pts * p.time_base), bytes(p)) for p in packets if p.size]


def _chain(first: np.ndarray, rest: Iterator[np.ndarray]) -> Iterator[np.ndarray]:
    yield first
    yield from rest


def _until(waves: Iterator[av.AudioFrame], time_s: float) -> Iterator[av.AudioFrame]:
    for wave in waves:
        yield wave
        if wave.pts / RATE > time_s:
            return
