"""What smoothing over time gives, on sequences made of PublicTest.

    python benchmarks/smoothing.py ../shared/data/fer2013/fer2013.parquet [--hold 5]

A picture is shown for `--hold` seconds at 30 frames a second, shifted, turned, zoomed
and with noise, then another one. Of each kind of jitter: how often the label changes in
a minute when every frame is answered by itself, and smoothed; the accuracy over frames
of both; and how much later the answer about a new picture is shown, over the changes to
pictures about which the frames agree for the most part. Seeded.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from mimika.core.preprocess import FloatArray, UInt8Array
from mimika.data.reading import read_dataset
from mimika.data.samples import PUBLIC_TEST, Samples
from mimika.runtime.pipeline import Analyzer, load_analyzer
from mimika.runtime.smoothing import Smoother

RATE, SIDE = 30, 48
AGREED = 0.6  # of the frames of a picture have the same answer


@dataclass(frozen=True)
class Jitter:
    """How a picture trembles.

    Attributes:
        lasting: correlation of one frame's place with that of the next.
        strength: 1 is up to 5 pixels, 10 degrees and 15 %.
        noise: deviation in grey levels.
    """

    lasting: float
    strength: float
    noise: float


KINDS = {
    "each frame by itself": Jitter(0.0, 1.0, 8),
    "slow and strong": Jitter(0.9, 1.0, 6),
    "mild": Jitter(0.5, 0.5, 4),
}


def main() -> None:
    """Prints a line for each kind of jitter."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--hold", type=float, default=5.0, help="seconds a picture")
    parser.add_argument("--pictures", type=int, default=200)
    arguments = parser.parse_args()
    samples = read_dataset(arguments.data)
    samples = samples.take(samples.splits == PUBLIC_TEST)
    analyzer = load_analyzer()
    print(f"{'':22}  changes a minute    accuracy of frames   delay, ms")
    print(f"{'':22}  raw  smooth  times    raw     smooth     median  90 %")
    for name, jitter in KINDS.items():
        rng = np.random.default_rng(1)
        chosen = rng.permutation(len(samples))[: arguments.pictures]
        frames = round(arguments.hold * RATE)
        shown = answers(analyzer, samples, chosen, (jitter, frames), rng)
        print(f"{name:22}  {line(shown, samples.labels[chosen])}")


def answers(
    analyzer: Analyzer,
    samples: Samples,
    chosen: NDArray[np.int64],
    shaking: tuple[Jitter, int],
    rng: np.random.Generator,
) -> FloatArray:
    """float32 (pictures, frames, K): what each frame is by itself."""
    jitter, frames = shaking
    return np.stack(
        [
            analyzer.classify(list(shaken(samples.images[i], jitter, frames, rng)))
            for i in chosen
        ]
    )


def shaken(
    image: UInt8Array, jitter: Jitter, frames: int, rng: np.random.Generator
) -> Iterator[UInt8Array]:
    """The frames of one picture, uint8 (48, 48)."""
    state = rng.normal(0, 1, 4)
    for _ in range(frames):
        fresh = np.sqrt(1 - jitter.lasting**2) * rng.normal(0, 1, 4)
        state = jitter.lasting * state + fresh
        across, down, zoom, turn = jitter.strength * state.clip(-2.5, 2.5)
        centre = ((SIDE - 1) / 2, (SIDE - 1) / 2)
        move = np.asarray(cv2.getRotationMatrix2D(centre, 4 * turn, 1 + 0.06 * zoom))
        move[:, 2] += (2 * across, 2 * down)
        frame = cv2.warpAffine(
            image, move, (SIDE, SIDE), borderMode=cv2.BORDER_REPLICATE
        )
        noisy = frame + rng.normal(0, jitter.noise, frame.shape)
        yield noisy.clip(0, 255).astype(np.uint8)


def line(shown: FloatArray, labels: NDArray[np.int64]) -> str:
    """The figures of one kind of jitter, all pictures one after the other."""
    pictures, frames, classes = shown.shape
    rows = shown.reshape(-1, classes)
    raw = rows.argmax(axis=1)
    smoother = Smoother()
    smooth = np.array([smoother.update(r, k / RATE).label for k, r in enumerate(rows)])
    truth = labels.repeat(frames)
    minutes = len(rows) / RATE / 60
    before, after = ((np.diff(x) != 0).sum() / minutes for x in (raw, smooth))
    late = delays_ms(raw.reshape(pictures, -1), smooth.reshape(pictures, -1))
    right = (raw == truth).mean(), (smooth == truth).mean()
    return (
        f"{before:4.0f}{after:7.0f}{before / after:7.1f}"
        f"{right[0]:10.4f}{right[1]:9.4f} ({100 * (right[1] - right[0]):+.2f})"
        f"{np.median(late):8.0f}{np.quantile(late, 0.9):7.0f}"
    )


def delays_ms(raw: NDArray[np.int64], smooth: NDArray[np.int64]) -> list[float]:
    """How much later than in the raw answers a new picture's answer is shown."""
    late = []
    for former, single, steady in zip(smooth, raw[1:], smooth[1:], strict=False):
        counts = np.bincount(single)
        if counts.max() < AGREED * len(single) or counts.argmax() == former[-1]:
            continue
        answer = counts.argmax()
        first = np.append(np.flatnonzero(steady == answer), len(single))[0]
        late.append(1000 * (first - np.flatnonzero(single == answer)[0]) / RATE)
    return late


if __name__ == "__main__":
    main()
