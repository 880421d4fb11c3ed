"""Milliseconds of the face detector a 640 x 480 frame on one thread, and its accuracy.

    python benchmarks/detector.py [--faces ../shared/data/faces] [--rounds N]

The frame is drawn noise: the network's time does not depend on what a picture shows,
that of suppression hardly. Accuracy is measured where the annotated photographs are:
faces of at least 20 and of at least 40 pixels in width, a match at an intersection over
union of 0.4, and detections on faces marked to be ignored count neither way. The last
column of the times counts in yardsticks: see `timing.yardstick`.
"""

import argparse
import json
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from timing import HEADING, row, timed, yardstick

from mimika.core.images import read_picture
from mimika.core.results import Detail
from mimika.runtime.faces import Detection, FaceDetector

DETAILS: tuple[Detail, ...] = ("fast", "fine")
MATCH = 0.4
Rectangle = tuple[float, float, float, float]


def main() -> None:
    """Prints the times, and recall and precision where there are photographs."""
    parser = argparse.ArgumentParser(description=__doc__)
    beside = Path(__file__).resolve().parents[2] / "shared" / "data" / "faces"
    parser.add_argument("--faces", type=Path, default=beside)
    parser.add_argument("--rounds", type=int, default=100)
    arguments = parser.parse_args()
    detector = FaceDetector(threads=1)
    print_times(detector, arguments.rounds)
    if (arguments.faces / "boxes.json").is_file():
        print_accuracy(detector, arguments.faces)
    else:
        print(f"No annotated photographs in {arguments.faces}: accuracy not measured.")


def print_times(detector: FaceDetector, rounds: int) -> None:
    """The table of times."""
    frame = np.random.default_rng(0).integers(0, 256, (480, 640, 3), np.uint8)
    unit = yardstick(rounds)
    print("Face detector, one thread, milliseconds a frame of 640 x 480")
    print(HEADING)
    print(row("yardstick", unit, unit))
    for detail in DETAILS:
        timing = timed(partial(detector.detect, frame, detail), rounds)
        print(row(detail, timing, unit))


def print_accuracy(detector: FaceDetector, folder: Path) -> None:
    """Recall for two sizes of faces, and precision."""
    entries = json.loads((folder / "boxes.json").read_text())["images"]
    for detail in DETAILS:
        hits: list[dict[str, Any]] = []
        false = 0
        for entry in entries:
            pixels = read_picture(folder / entry["file"]).pixels
            matched, wrong = judge(detector.detect(pixels, detail), entry["faces"])
            hits += [face for face in matched if not face["ignore"]]
            false += wrong
        wanted = [f for e in entries for f in e["faces"] if not f["ignore"]]
        recalls = (
            f"recall >= {least} px {share(hits, least) / share(wanted, least):.3f}"
            for least in (20, 40)
        )
        precision = len(hits) / (len(hits) + false)
        print(f"{detail}: {', '.join(recalls)}, precision {precision:.3f}")


def share(faces: list[dict[str, Any]], least: int) -> int:
    """How many of the faces are at least so wide."""
    return sum(face["box"][2] >= least for face in faces)


def judge(
    detections: list[Detection], faces: list[dict[str, Any]]
) -> tuple[list[dict[str, Any]], int]:
    """The annotated faces that were hit, the surest first, and the false detections."""
    left, hits, false = list(faces), [], 0
    for detection in sorted(detections, key=lambda d: -d.score):
        overlaps = [overlap(detection.box, face["box"]) for face in left]
        if overlaps and max(overlaps) >= MATCH:
            hits.append(left.pop(int(np.argmax(overlaps))))
        else:
            false += 1
    return hits, false


def overlap(one: Rectangle, other: Rectangle) -> float:
    """Intersection over union of two boxes as x, y, width, height."""
    right = min(one[0] + one[2], other[0] + other[2])
    bottom = min(one[1] + one[3], other[1] + other[3])
    width, height = right - max(one[0], other[0]), bottom - max(one[1], other[1])
    shared = max(width, 0) * max(height, 0)
    return shared / (one[2] * one[3] + other[2] * other[3] - shared)


if __name__ == "__main__":
    main()
