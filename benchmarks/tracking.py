"""How often people keep their numbers, on faces of PublicTest.

    python benchmarks/tracking.py ../shared/data/fer2013/fer2013.parquet

Two faces of different sizes cross, one behind the other, at 30 frames a second in
640 x 480; two turn back after one has hidden the other; one is away for a second and
comes back up to two sizes from where it was; one is not seen by the detector for a
second while it moves on, as when a head is turned. Counted are scenes at whose ends
everybody has the number of the beginning, of those in which the detector sees everybody
then. Seeded.
"""

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from mimika.core.preprocess import UInt8Array
from mimika.data.reading import read_dataset
from mimika.data.samples import PUBLIC_TEST
from mimika.runtime.faces import Detection, FaceDetector
from mimika.runtime.tracking import Tracker

WIDTH, HEIGHT, RATE = 640, 480, 30
STANDING = 12  # frames at both ends

Place = tuple[float, float]


@dataclass(frozen=True)
class Moving:
    """A face, and where its upper left corner is in each frame; None where it is away.

    Attributes:
        face: uint8 (side, side).
        places: x and y by frame.
        hidden: frames in which the detector is not to see it.
    """

    face: UInt8Array
    places: list[Place | None]
    hidden: range = range(0)


def main() -> None:
    """Prints a line for each kind of scene."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--scenes", type=int, default=40)
    arguments = parser.parse_args()
    samples = read_dataset(arguments.data)
    faces = samples.images[samples.splits == PUBLIC_TEST]
    detector = FaceDetector()
    print(f"{'':22}{'scenes':>8}{'kept':>8}")
    for name, make in SCENES.items():
        rng = np.random.default_rng(1)
        kept = []
        while len(kept) < arguments.scenes:
            answer = numbers_kept(detector, make(faces, rng), rng)
            if answer is not None:
                kept.append(answer)
        print(f"{name:22}{len(kept):8}{np.mean(kept):8.3f}")


def crossing(faces: UInt8Array, rng: np.random.Generator) -> list[Moving]:
    """Two who pass each other, the second in front."""
    speed = rng.uniform(2, 8)
    frames = round(440 / speed)
    behind, front = drawn(faces, rng), drawn(faces, rng)
    down = rng.uniform(120, 200, 2)
    ways = [standing([(480 - speed * k, down[0]) for k in range(frames)])]
    ways.append(standing([(40 + speed * k, down[1]) for k in range(frames)]))
    return [Moving(behind, ways[0]), Moving(front, ways[1])]


def turning_back(faces: UInt8Array, rng: np.random.Generator) -> list[Moving]:
    """Two who meet and go back; the second hides most of the first meanwhile."""
    speed = rng.uniform(3, 7)
    half = round(190 / speed)
    steps = [speed * min(k, 2 * half - k) for k in range(2 * half)]
    behind, front = drawn(faces, rng), drawn(faces, rng)
    return [
        Moving(behind, standing([(450 - step, 160.0) for step in steps])),
        Moving(front, standing([(40 + step, 160.0) for step in steps])),
    ]


def away(faces: UInt8Array, rng: np.random.Generator) -> list[Moving]:
    """One who is gone for a second."""
    face = drawn(faces, rng)
    start = rng.uniform(150, 350), rng.uniform(60, 250)
    shift = rng.uniform(-2, 2, 2) * 90
    end = (
        min(max(start[0] + shift[0], 20), 480),
        min(max(start[1] + shift[1], 20), 320),
    )
    places: list[Place | None] = [start] * STANDING + [None] * RATE + [end] * STANDING
    return [Moving(face, places)]


def turned(faces: UInt8Array, rng: np.random.Generator) -> list[Moving]:
    """One whom the detector does not see for a second."""
    speed = rng.uniform(-4, 4)
    places = standing([(270 + speed * k, 150.0) for k in range(RATE)])
    return [Moving(drawn(faces, rng), places, range(STANDING, STANDING + RATE))]


SCENES: dict[str, Callable[[UInt8Array, np.random.Generator], list[Moving]]] = {
    "crossing": crossing,
    "turning back": turning_back,
    "a second away": away,
    "a head turned": turned,
}


def drawn(faces: UInt8Array, rng: np.random.Generator) -> UInt8Array:
    """A random face of 100 to 150 pixels."""
    side = int(rng.integers(100, 150))
    face = faces[rng.integers(0, len(faces))]
    return np.asarray(cv2.resize(face, (side, side), interpolation=cv2.INTER_CUBIC))


def standing(way: list[Place]) -> list[Place | None]:
    """The same with a rest before and after it."""
    return [*[way[0]] * STANDING, *way, *[way[-1]] * STANDING]


def numbers_kept(
    detector: FaceDetector, people: list[Moving], rng: np.random.Generator
) -> bool | None:
    """Whether numbers are the same at both ends; None where somebody is not found."""
    hidden: set[int] = set()
    frame = 0

    def detect(pixels: UInt8Array) -> list[Detection]:
        return [] if frame in hidden else detector.detect(pixels, "fast")

    for person in people:
        hidden |= set(person.hidden)
    tracker = Tracker(detect)
    ground = rough(rng)
    numbers: list[list[int | None]] = []
    for frame, pixels in enumerate(pictures(people, ground, rng)):
        tracks = tracker.update(pixels, frame / RATE)
        boxes = {track.identity: track.box for track in tracks if track.seen}
        numbers.append([who(boxes, person, frame) for person in people])
    first, last = numbers[STANDING - 1], numbers[-1]
    if None in first or not all(is_found(detector, p, ground) for p in people):
        return None
    return first == last


def pictures(
    people: list[Moving], ground: UInt8Array, rng: np.random.Generator
) -> Iterator[UInt8Array]:
    """uint8 (480, 640, 3): the later people in front, with noise."""
    for frame in range(len(people[0].places)):
        pixels = ground.astype(np.int16)
        for person in people:
            place = person.places[frame]
            if place is not None:
                x, y, side = round(place[0]), round(place[1]), len(person.face)
                pixels[y : y + side, x : x + side] = person.face[:, :, None]
        noise = rng.integers(-6, 7, pixels.shape, np.int16)
        yield (pixels + noise).clip(0, 255).astype(np.uint8)


def rough(rng: np.random.Generator) -> UInt8Array:
    """uint8 (480, 640, 3): clouds."""
    small = rng.integers(40, 160, (12, 16, 3), np.uint8)
    return np.asarray(cv2.resize(small, (WIDTH, HEIGHT)), np.uint8)


def who(
    boxes: dict[int, tuple[float, float, float, float]], person: Moving, frame: int
) -> int | None:
    """The number of the box whose middle is nearest to a person's, not too far off."""
    place = person.places[frame]
    if place is None:
        return None
    side = len(person.face)
    middle = np.array(place) + side / 2
    gaps = {
        number: float(np.linalg.norm(np.array((x + w / 2, y + h / 2)) - middle))
        for number, (x, y, w, h) in boxes.items()
    }
    near = {number: gap for number, gap in gaps.items() if gap < 0.4 * side}
    return min(near, key=near.__getitem__) if near else None


def is_found(detector: FaceDetector, person: Moving, ground: UInt8Array) -> bool:
    """Whether the detector sees somebody alone in the last frame."""
    alone = Moving(person.face, [person.places[-1]])
    (pixels,) = pictures([alone], ground, np.random.default_rng(0))
    return bool(detector.detect(pixels, "fast"))


if __name__ == "__main__":
    main()
