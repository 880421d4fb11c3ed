"""Everything that has a target, in one table with ratios: `make bench`.

    python benchmarks/performance.py [--rounds 100] [--seconds 10] [--json]

A ratio is to a named baseline that is timed in the same run: for what looks for faces
the detector's bare network at the same size, for the service a plain FastAPI handler
that only decodes the picture. The limits are what we hold ourselves to on two cores.
Takes two minutes; let the machine do nothing else.
"""

import argparse
import asyncio
import io
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import cv2
import numpy as np
from PIL import Image
from recovery import seconds_until_ready
from service_load import (
    OVERLOAD,
    PLAIN,
    closed_loop,
    open_loop,
    request,
    serving,
)
from timing import timed

import mimika
from mimika.core.images import read_picture
from mimika.core.preprocess import UInt8Array
from mimika.core.results import Detail
from mimika.runtime.bench import machine
from mimika.runtime.faces import FaceDetector
from mimika.runtime.samples import SAMPLE_FILE
from mimika.runtime.session import open_session
from mimika.runtime.yunet import DETECTOR_FILE, INPUT

CONCURRENCY = 8
FEW = 4  # a slow thing is timed so many times less
DETAILS: tuple[Detail, Detail] = ("fast", "fine")


@dataclass(frozen=True)
class Row:
    """A line of the table.

    Attributes:
        name: what was measured.
        value: the median, or a rate.
        unit: of the value.
        ratio: to the baseline above it; None where there is none.
        limit: what it should be, in words.
        more: further figures, in words.
    """

    name: str
    value: float
    unit: str
    ratio: float | None = None
    limit: str = ""
    more: str = ""


def main() -> None:
    """Prints the table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    cv2.setNumThreads(1)
    frame = read_picture(SAMPLE_FILE).pixels
    rows = [
        *detector_rows(frame, asked.rounds),
        *analyzer_rows(frame, asked.rounds),
        *service_rows(asked.seconds),
        Row("ready again after kill -9", seconds_until_ready(3), "s", None, "<= 2"),
    ]
    if asked.json:
        found = {"machine": machine(), "rows": [asdict(row) for row in rows]}
        print(json.dumps(found, indent=2))
        return
    print(", ".join(f"{name} {value}" for name, value in machine().items()), end="\n\n")
    print("| what | figure | ratio | limit | |")
    print("|---|---|---|---|---|")
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        figure = (
            f"{row.value:.3g} {row.unit}" if row.value < 1000 else f"{row.value:.0f}"
        )
        print(f"| {row.name} | {figure} | {ratio} | {row.limit} | {row.more} |")


def detector_rows(frame: UInt8Array, rounds: int) -> Iterator[Row]:
    """Finding faces in a frame of 640 x 480, on one thread."""
    network, detector = open_session(DETECTOR_FILE), FaceDetector()
    limits: dict[Detail, str] = {"fast": "<= 2.5", "fine": "<= 12"}
    for detail, size in zip(DETAILS, ((320, 256), (640, 480)), strict=True):
        image = cv2.resize(frame, size).transpose(2, 0, 1)[None].copy()
        bare = timed(partial(network.run, None, {INPUT: image}), rounds)
        yield Row(f"detector's network alone, {size[0]} x {size[1]}", bare.p50, "ms", 1)
        whole = timed(partial(detector.detect, frame, detail), rounds)
        ratio = whole.p50 / bare.p50
        yield _time(
            f"faces in a frame, {detail}, one thread", whole, ratio, limits[detail]
        )


def analyzer_rows(frame: UInt8Array, rounds: int) -> Iterator[Row]:
    """Classifying, and the whole way from pixels and from files."""
    one, two = mimika.load(), mimika.load(threads=2)
    side = one.card.preprocess.size
    crops = np.random.default_rng(0).integers(0, 256, (16, side, side), np.uint8)
    for count, limit in ((1, "<= 1.5"), (16, "<= 12")):
        taken = timed(partial(one.classify, crops[:count]), rounds)
        yield _time(f"classify {count} at a time, one thread", taken, None, limit)
    for detail, limit in zip(DETAILS, ("<= 4", "<= 8"), strict=True):
        taken = timed(partial(two.analyze, frame, detail=detail), rounds)
        name = f"640 x 480 pixels to result, {detail}, two threads"
        yield _time(name, taken, None, limit)
    large = twelve_megapixels()
    taken = timed(partial(two.analyze, large), max(1, rounds // FEW))
    yield _time("JPEG of 12 megapixels, fine, two threads", taken, None, "<= 60")
    (face,) = one.analyze(frame).faces
    taken = timed(partial(one.explain, face), max(1, rounds // FEW))
    yield _time("explain a face, one thread", taken, None, "<= 60")


def service_rows(seconds: float) -> Iterator[Row]:
    """The processing service under load, from this process."""
    closed = (CONCURRENCY, seconds)
    with serving([sys.executable, str(PLAIN)]) as address:
        plain = asyncio.run(closed_loop(address, request("fast"), *closed))
    yield Row("plain handler that only decodes", plain.rate, "/s", 1)
    least: dict[Detail, int] = {"fast": 200, "fine": 150}
    rates = {}
    with serving([sys.executable, "-m", "mimika", "serve", "--port", "0"]) as address:
        for detail in DETAILS:
            found = asyncio.run(closed_loop(address, request(detail), *closed))
            rates[detail] = found.rate
            yield Row(
                f"service, {detail}, {CONCURRENCY} clients",
                found.rate,
                "/s",
                found.rate / plain.rate,
                f">= {least[detail]}, p95 <= 80 ms",
                _latency(found),
            )
        offered = OVERLOAD * rates["fast"]
        found = asyncio.run(open_loop(address, request("fast"), offered, seconds))
    yield Row(
        f"service, fast, offered {offered:.0f} a second",
        found.rate,
        "/s",
        found.rate / plain.rate,
        "p95 <= 200 ms",
        f"{_latency(found)}; statuses {dict(sorted(found.statuses.items()))}",
    )


def twelve_megapixels() -> bytes:
    """A JPEG of 4000 x 3000 pixels with one face, and a camera's noise."""
    with Image.open(SAMPLE_FILE) as photograph:
        large = np.asarray(photograph.resize((4000, 3000), Image.Resampling.BICUBIC))
    noise = np.random.default_rng(0).normal(0, 3, large.shape)
    buffer = io.BytesIO()
    noisy = (large + noise).clip(0, 255).astype(np.uint8)
    Image.fromarray(noisy).save(buffer, "JPEG", quality=88)
    return buffer.getvalue()


def _time(name: str, timing: Any, ratio: float | None, limit: str) -> Row:
    return Row(name, timing.p50, "ms", ratio, limit, f"p95 {timing.p95:.2f} ms")


def _latency(found: Any) -> str:
    return f"p95 {np.percentile(found.milliseconds, 95):.0f} ms"


if __name__ == "__main__":
    main()
