"""Pictures a second on one thread for each policy at 48 px, one by one and in batches.

    python benchmarks/augmentation.py [--rounds N] [--batch N]

The yardstick is decoding the same pictures from PNG and from lossless WebP, the two
forms in which FER2013 is stored: the last two columns are the time of augmenting as a
multiple of that of decoding alone. Below 1, augmenting is not what a worker waits for.
"""

import argparse
from collections.abc import Callable

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from timing import timed

from mimika.augmentation.batch_policy import BatchAugmenter
from mimika.augmentation.named import NAMED
from mimika.augmentation.policies import Policy, parse_policy

SIDE = 48
PICTURES = 256
LOSSLESS = 101  # OpenCV's WebP quality above 100


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--batch", type=int, default=128)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    images = draw()
    units = [
        microseconds(decoder(images, *form), PICTURES, arguments.rounds)
        for form in ((".png", []), (".webp", [cv2.IMWRITE_WEBP_QUALITY, LOSSLESS]))
    ]
    print(f"one thread, {SIDE} x {SIDE} grey, {PICTURES} drawn pictures")
    print(f"{'':24} {'us':>8} {'per s':>9} {'x PNG':>7} {'x WebP':>7}")
    for name, spent in zip(("decode PNG", "decode WebP"), units, strict=True):
        print(line(name, spent, units))
    for name in NAMED:
        policy = parse_policy(name)
        single = one_by_one(policy, images)
        spent = microseconds(single, PICTURES, arguments.rounds)
        print(line(f"{name}, one by one", spent, units))
        batched = in_a_batch(policy, images[: arguments.batch])
        spent = microseconds(batched, len(images[: arguments.batch]), arguments.rounds)
        print(line(f"{name}, batch of {arguments.batch}", spent, units))


def draw() -> NDArray[np.uint8]:
    """uint8 (N, 48, 48): blurred noise, about as hard to decode as a face."""
    noise = np.random.default_rng(0).normal(128, 160, (PICTURES, SIDE, SIDE))
    smooth = [cv2.GaussianBlur(picture, (0, 0), 1.6) for picture in noise]
    return np.clip(smooth, 0, 255).astype(np.uint8)


def decoder(
    images: NDArray[np.uint8], ending: str, options: list[int]
) -> Callable[[], object]:
    """Decodes all pictures from files in memory."""
    files = [cv2.imencode(ending, image, options)[1] for image in images]
    return lambda: [cv2.imdecode(file, cv2.IMREAD_GRAYSCALE) for file in files]


def one_by_one(policy: Policy, images: NDArray[np.uint8]) -> Callable[[], object]:
    """Augments all pictures through albumentations."""
    augment = policy.build(SIDE)
    return lambda: [
        augment(image, seed=0, epoch=0, row=row) for row, image in enumerate(images)
    ]


def in_a_batch(policy: Policy, images: NDArray[np.uint8]) -> Callable[[], object]:
    """Augments all pictures in one batch, in torch on the CPU."""
    augment, batch = BatchAugmenter(policy), torch.from_numpy(images)[:, None]
    rows = torch.arange(len(images))
    return lambda: augment(batch, rows, seed=0, epoch=0)


def microseconds(call: Callable[[], object], pictures: int, rounds: int) -> float:
    """Median time of one picture."""
    return 1000 * timed(call, rounds).per(pictures).p50


def line(name: str, spent: float, units: list[float]) -> str:
    """A row of the table."""
    ratios = " ".join(f"{spent / unit:7.2f}" for unit in units)
    return f"{name:24} {spent:8.1f} {1e6 / spent:9,.0f} {ratios}"


if __name__ == "__main__":
    main()
