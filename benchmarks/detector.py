"""Milliseconds of the face detector a 640 x 480 frame on one thread, and its accuracy.

    python benchmarks/detector.py [--faces ../shared/data/faces] [--rounds N]

Timed are a photograph with one face, scaled to cover the frame, and drawn noise: `fine`
looks at a picture without an upright face also turned, and again where traces of small
faces are. Accuracy is measured where the annotated photographs are, on these and on
what `detector_cases.py` makes of them: a match at an intersection over union of 0.4;
detections on faces marked to be ignored count neither way. `fine` has to find faces
from 20 pixels in width, `fast` those at least a twentieth as wide as the picture is
long. The last column of the times counts in yardsticks: see `timing.yardstick`.
"""

import argparse
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from detector_cases import Case, all_cases, photographs
from timing import HEADING, row, timed, yardstick

from mimika.core.preprocess import UInt8Array
from mimika.core.results import Detail
from mimika.runtime.faces import Detection, FaceDetector

DETAILS: tuple[Detail, ...] = ("fast", "fine")
MATCH = 0.4
LEAST_PX, LEAST_PART = 20, 20  # pixels; parts of the longest side
Rectangle = tuple[float, float, float, float]


def main() -> None:
    """Prints the times, and recall and precision where there are photographs."""
    parser = argparse.ArgumentParser(description=__doc__)
    beside = Path(__file__).resolve().parents[2] / "shared" / "data" / "faces"
    parser.add_argument("--faces", type=Path, default=beside)
    parser.add_argument("--rounds", type=int, default=100)
    arguments = parser.parse_args()
    detector = FaceDetector()
    has_photographs = (arguments.faces / "boxes.json").is_file()
    frames = {
        "noise": np.random.default_rng(0).integers(0, 256, (480, 640, 3), np.uint8)
    }
    if has_photographs:
        frames["one face"] = as_frame(photographs(arguments.faces)[0].pixels)
    print_times(detector, frames, arguments.rounds)
    if has_photographs:
        print_accuracy(detector, arguments.faces)
    else:
        print(f"No annotated photographs in {arguments.faces}: accuracy not measured.")


def as_frame(pixels: UInt8Array) -> UInt8Array:
    """The upper part of a picture, 640 x 480."""
    width = pixels.shape[1]
    part = pixels[: width * 3 // 4]
    return np.asarray(cv2.resize(part, (640, 480), interpolation=cv2.INTER_AREA))


def print_times(
    detector: FaceDetector, frames: dict[str, UInt8Array], rounds: int
) -> None:
    """The table of times."""
    unit = yardstick(rounds)
    print("Face detector, one thread, milliseconds a frame of 640 x 480")
    print(HEADING)
    print(row("yardstick", unit, unit))
    for name, frame in frames.items():
        for detail in DETAILS:
            timing = timed(partial(detector.detect, frame, detail), rounds)
            print(row(f"{detail}, {name}", timing, unit))


def print_accuracy(detector: FaceDetector, folder: Path) -> None:
    """Recall and precision for each kind of case."""
    print(f"{'':20} {'detail':6} {'recall':>14} {'precision':>15}")
    for name, cases in all_cases(folder):
        for detail in DETAILS:
            print(
                f"{name:20} {detail:6} {summary(detector, cases, detail)}", flush=True
            )


def summary(detector: FaceDetector, cases: list[Case], detail: Detail) -> str:
    """Recall and precision over the cases, with the numbers of faces."""
    wanted = found = right = false = 0
    for case in cases:
        least = (
            LEAST_PX if detail == "fine" else max(case.pixels.shape[:2]) / LEAST_PART
        )
        hits, wrong = judge(detector.detect(case.pixels, detail), case.faces)
        counted = [f for f in case.faces if f["box"][2] >= least and not f["ignore"]]
        wanted += len(counted)
        found += sum(any(f is hit for hit in hits) for f in counted)
        right += sum(not hit["ignore"] for hit in hits)
        false += wrong
    recall, precision = found / max(wanted, 1), right / max(right + false, 1)
    return f"{found:4}/{wanted:<4} {recall:.3f}  {false:4} false {precision:.3f}"


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
