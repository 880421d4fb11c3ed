"""Seconds, peak memory, finds and misses of the search for copies in a data set.

    python benchmarks/duplicates.py DATA [--brute-force] [--sheets FOLDER]

Time and memory are those of the search, the pictures being read already. Then copies of
1,500 of the pictures are made (shifted, cropped, mirrored, compressed, brightened), and
the share that is found is printed. `--brute-force` compares the near-copies without
shift with those that comparing all with all finds. `--sheets` writes 50 random pairs of
each kind, and the largest groups, as pictures to look at: how many pairs are one and
the same photograph can only be told by eye.
"""

import argparse
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from mimika.core.preprocess import UInt8Array
from mimika.data.duplicates import THRESHOLD, Duplicates, find_duplicates, leakage
from mimika.data.reading import read_dataset
from mimika.data.samples import TRAINING, Samples

LIMIT_S, LIMIT_MB = 100.0, 1_500.0
COPIED = 1_500
PAIRS, GROUPS, WIDEST = 50, 24, 20
BLOCK = 2_048


def main() -> None:
    """Prints everything; exits with 1 over the limits or after a wrong result."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--brute-force", action="store_true")
    parser.add_argument("--sheets", type=Path)
    arguments = parser.parse_args()
    samples = read_dataset(arguments.data)
    start, worked = time.perf_counter(), time.process_time()
    found = find_duplicates(samples.images)
    seconds, worked = time.perf_counter() - start, time.process_time() - worked
    # peak of this process in MB; Linux counts kilobytes
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{len(samples):,} pictures: {seconds:.0f} s ({worked:.0f} s of processors), "
        f"{peak_mb:.0f} MB (limits {LIMIT_S:g} s, {LIMIT_MB:g} MB)"
    )
    print_found(found, samples)
    if arguments.sheets:
        write_sheets(arguments.sheets, samples.images, found)
    same = not arguments.brute_force or print_brute_force(samples.images, found)
    print_recall(samples.images)
    if seconds > LIMIT_S or peak_mb > LIMIT_MB or not same:
        sys.exit("over the limits, or not the pairs of comparing all with all")


def print_found(found: Duplicates, samples: Samples) -> None:
    """Pairs by kind, groups, and the leakage into each split."""
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in by_kind(found).items())
    sizes = np.bincount(found.groups)
    print(f"pairs: {kinds}")
    print(
        f"groups of near-copies: {(sizes > 1).sum():,} with {sizes[sizes > 1].sum():,} "
        f"pictures, the largest of {sizes.max()}; blank: {found.blank.sum()}"
    )
    unshifted = found.kinds != "shifted"
    aligned = replace(found, pairs=found.pairs[unshifted])
    for split, count in Counter(samples.splits.tolist()).items():
        if split == TRAINING:
            continue
        exact = leakage(found, samples.splits, split, exact=True).sum()
        near = leakage(aligned, samples.splits, split).sum()
        every = leakage(found, samples.splits, split).sum()
        print(
            f"{split}: {exact} exact copies of {TRAINING} ({exact / count:.1%}), "
            f"{near} with those that correlate ({near / count:.1%}), "
            f"{every} with shifted ones ({every / count:.1%})"
        )


def by_kind(found: Duplicates) -> dict[str, int]:
    """Number of pairs of each kind."""
    return dict(sorted(Counter(found.kinds.tolist()).items()))


def print_brute_force(images: UInt8Array, found: Duplicates) -> bool:
    """Whether the pairs without shift are those of comparing all with all."""
    start = time.perf_counter()
    firsts = np.unique(found.exact_groups, return_index=True)[1]
    firsts = firsts[~found.blank[firsts]]
    wanted = all_with_all(images[firsts])
    wanted = {(int(firsts[one]), int(firsts[other])) for one, other in wanted}
    chosen = np.isin(found.kinds, ["same", "mirrored"])
    ours = {(int(one), int(other)) for one, other in found.pairs[chosen]}
    print(
        f"comparing all with all: {len(wanted):,} pairs in "
        f"{time.perf_counter() - start:.0f} s; {len(wanted - ours)} of them missed, "
        f"{len(ours - wanted)} more found"
    )
    return wanted == ours


def all_with_all(images: UInt8Array) -> set[tuple[int, int]]:
    """Pairs that correlate, mirrored or not, by 2,304 multiplications each."""
    flat = images.reshape(len(images), -1).astype(np.float32)
    flat -= flat.mean(axis=1, keepdims=True)
    flat /= np.linalg.norm(flat, axis=1, keepdims=True)
    mirror = np.arange(flat.shape[1]).reshape(images.shape[1:])[:, ::-1].ravel()
    pairs = set()
    for row in range(0, len(flat), BLOCK):
        left = flat[row : row + BLOCK]
        for column in range(row, len(flat), BLOCK):
            right = flat[column : column + BLOCK].T
            best = np.maximum(left @ right, left[:, mirror] @ right)
            first, second = np.nonzero(best > THRESHOLD)
            pairs |= {
                (one, other)
                for one, other in zip(
                    (first + row).tolist(), (second + column).tolist(), strict=True
                )
                if one < other
            }
    return pairs


def print_recall(images: UInt8Array) -> None:
    """The share of known copies that is found, one kind of copy at a time."""
    rng = np.random.default_rng(0)
    flat = np.unique(images.reshape(len(images), -1), axis=0)
    flat = flat[flat.std(axis=1) > 5]
    chosen = rng.permutation(len(flat))[:COPIED]
    originals = flat[chosen].reshape(-1, *images.shape[1:])
    print(f"found of {len(originals):,} copies:")
    for name, change in changes(rng).items():
        copies = np.stack([change(picture) for picture in originals])
        found = find_duplicates(np.concatenate([originals, copies]))
        pairs = set(map(tuple, found.pairs.tolist()))
        count = len(originals)
        hits = sum((place, place + count) in pairs for place in range(count))
        print(f"  {name:34} {hits / count:.2%}")


def changes(rng: np.random.Generator) -> dict[str, Callable[[UInt8Array], UInt8Array]]:
    """What is done to a picture, by its name."""

    def shift(picture: UInt8Array) -> UInt8Array:
        return moved(picture, 1.0, *rng.integers(-3, 4, 2))

    def crop(picture: UInt8Array, share: float = 0.9) -> UInt8Array:
        side = len(picture)
        return moved(picture, 1 / share, *-rng.uniform(0, side / share - side, 2))

    def light(picture: UInt8Array) -> UInt8Array:
        changed = picture * rng.uniform(0.6, 1.1) + rng.uniform(-10, 10)
        return changed.clip(0, 255).astype(np.uint8)

    return {
        "mirrored": lambda picture: picture[:, ::-1],
        "JPEG of quality 50": lambda picture: jpeg(picture, 50),
        "darker, less contrast": light,
        "shifted by up to 3 pixels": shift,
        "cropped by 10 %": crop,
        "cropped by 10 %, mirrored": lambda picture: crop(picture)[:, ::-1],
        "cropped by 10 %, JPEG, darker": lambda picture: light(jpeg(crop(picture), 50)),
        "cropped by 15 %": lambda picture: crop(picture, 0.85),
        "cropped by 20 %": lambda picture: crop(picture, 0.8),
    }


def moved(picture: UInt8Array, zoom: float, right: float, down: float) -> UInt8Array:
    """Zooms and then moves; what comes in from outside repeats the edge."""
    matrix = np.array([[zoom, 0, right], [0, zoom, down]], np.float32)
    return np.asarray(
        cv2.warpAffine(
            picture,
            matrix,
            picture.shape[::-1],
            flags=cv2.INTER_CUBIC,
            borderMode=cv2.BORDER_REPLICATE,
        ),
        np.uint8,
    )


def jpeg(picture: UInt8Array, quality: int) -> UInt8Array:
    """The picture after compression."""
    data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8)


def write_sheets(folder: Path, images: UInt8Array, found: Duplicates) -> None:
    """Random pairs of each kind, and the largest groups."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(0)
    for kind in by_kind(found):
        pairs = found.pairs[found.kinds == kind]
        chosen = pairs[rng.permutation(len(pairs))[:PAIRS]]
        write_sheet(folder / f"{kind}.png", images, list(chosen), 2)
    sizes = np.bincount(found.groups)
    largest = np.argsort(-sizes, kind="stable")[:GROUPS]
    rows = [np.flatnonzero(found.groups == group)[:WIDEST] for group in largest]
    write_sheet(folder / "largest_groups.png", images, rows, WIDEST)


def write_sheet(
    path: Path, images: UInt8Array, rows: list[NDArray[np.int64]], width: int
) -> None:
    """One row of pictures for each group; narrow ones stand five beside each other."""
    blank = np.full(images.shape[1:], 255, np.uint8)
    lines = [
        np.hstack([images[place] for place in row] + [blank] * (width - len(row) + 1))
        for row in rows
    ]
    beside = 5 if width == 2 else 1
    lines += [np.full_like(lines[0], 255)] * (-len(lines) % beside)
    sheet = np.vstack(
        [np.hstack(lines[at : at + beside]) for at in range(0, len(lines), beside)]
    )
    size = (sheet.shape[1] * 2, sheet.shape[0] * 2)
    cv2.imwrite(str(path), cv2.resize(sheet, size, interpolation=cv2.INTER_NEAREST))


if __name__ == "__main__":
    main()
