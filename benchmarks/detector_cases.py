"""Harder cases made of annotated photographs: small, huge, turned and crowded.

Each function changes pictures together with the boxes of their faces.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from mimika.core.images import read_picture
from mimika.core.preprocess import UInt8Array, resize

CLOSE_MARGINS = (0.0, 0.15, 0.4)  # around a face, in its own width and height
CLOSE_SIDES = (64, 200, 700, 3000)
CLOSE_FROM_PX = 60
CANVAS = (4000, 3000)
MOSAIC_WIDTH, MOSAIC_ROUNDS = 6000, 3


@dataclass(frozen=True)
class Case:
    """A picture and its faces.

    Attributes:
        pixels: uint8 (H, W, 3), RGB.
        faces: each with `box` (x, y, width, height) and `ignore`.
    """

    pixels: UInt8Array
    faces: list[dict[str, Any]]


def photographs(folder: Path) -> list[Case]:
    """The annotated photographs as they are."""
    entries = json.loads((folder / "boxes.json").read_text())["images"]
    return [Case(read_picture(folder / e["file"]).pixels, e["faces"]) for e in entries]


def all_cases(folder: Path) -> Iterator[tuple[str, list[Case]]]:
    """Groups of cases by name."""
    cases = photographs(folder)
    yield "as they are", cases
    for scale in (0.5, 0.25, 2):
        yield f"scaled by {scale:g}", [scaled(case, scale) for case in cases]
    for quarters in (1, 2, 3):
        kept = [turned(case, quarters) for case in cases if case.faces]
        yield f"turned by {90 * quarters}", kept
    yield "close up", [close for case in cases for close in close_ups(case)]
    random = np.random.default_rng(0)
    yield "somewhere in 12 MP", [placed(case, random) for case in cases]
    mosaic = mosaic_of(cases)
    yield "mosaic", [mosaic]
    yield "mosaic, half size", [scaled(mosaic, 0.5)]


def scaled(case: Case, scale: float) -> Case:
    """Enlarged or reduced."""
    height, width = (max(1, round(side * scale)) for side in case.pixels.shape[:2])
    pixels = resize(case.pixels, width, height, cv2.INTER_CUBIC)
    return Case(pixels, [_with_box(f, np.array(f["box"]) * scale) for f in case.faces])


def turned(case: Case, quarters: int) -> Case:
    """Turned counter-clockwise by quarters."""
    faces = case.faces
    width = case.pixels.shape[1]
    for _ in range(quarters):
        boxes = [f["box"] for f in faces]
        moved = [(y, width - x - w, h, w) for x, y, w, h in boxes]
        faces = [_with_box(f, box) for f, box in zip(faces, moved, strict=True)]
        width = case.pixels.shape[0] + case.pixels.shape[1] - width
    return Case(np.ascontiguousarray(np.rot90(case.pixels, quarters)), faces)


def close_ups(case: Case) -> Iterator[Case]:
    """Each large face cut out, with several margins and in several sizes."""
    for face in case.faces:
        x, y, w, h = face["box"]
        if face["ignore"] or w < CLOSE_FROM_PX:
            continue
        for margin in CLOSE_MARGINS:
            left, top = max(0, int(x - margin * w)), max(0, int(y - margin * h))
            right, bottom = int(x + w + margin * w), int(y + h + margin * h)
            part = case.pixels[top:bottom, left:right]
            inside = [_with_box(face, (x - left, y - top, w, h))]
            for side in CLOSE_SIDES:
                yield scaled(Case(part, inside), side / max(part.shape[:2]))


def placed(case: Case, random: np.random.Generator) -> Case:
    """Somewhere on a large grey canvas."""
    height, width = case.pixels.shape[:2]
    left = int(random.integers(0, CANVAS[0] - width))
    top = int(random.integers(0, CANVAS[1] - height))
    pixels = np.full((CANVAS[1], CANVAS[0], 3), random.integers(0, 256), np.uint8)
    pixels[top : top + height, left : left + width] = case.pixels
    return Case(pixels, [_moved(face, left, top) for face in case.faces])


def mosaic_of(cases: list[Case]) -> Case:
    """All photographs, several times, beside and under each other."""
    rows: list[list[Case]] = [[]]
    for case in cases * MOSAIC_ROUNDS:
        taken = sum(c.pixels.shape[1] for c in rows[-1])
        if taken + case.pixels.shape[1] > MOSAIC_WIDTH:
            rows.append([])
        rows[-1].append(case)
    heights = [max(case.pixels.shape[0] for case in row) for row in rows]
    pixels = np.zeros((sum(heights), MOSAIC_WIDTH, 3), np.uint8)
    faces, top = [], 0
    for row, height in zip(rows, heights, strict=True):
        left = 0
        for case in row:
            h, w = case.pixels.shape[:2]
            pixels[top : top + h, left : left + w] = case.pixels
            faces += [_moved(face, left, top) for face in case.faces]
            left += w
        top += height
    return Case(pixels, faces)


def _moved(face: dict[str, Any], right: int, down: int) -> dict[str, Any]:
    x, y, w, h = face["box"]
    return _with_box(face, (x + right, y + down, w, h))


def _with_box(face: dict[str, Any], box: Any) -> dict[str, Any]:
    return {**face, "box": list(box)}
