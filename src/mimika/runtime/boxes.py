"""Boxes as arrays: which of them show the same face."""

import numpy as np

from mimika.core.preprocess import FloatArray

TINY = np.finfo(np.float32).tiny


def suppress(boxes: FloatArray, scores: FloatArray, overlap: float) -> list[int]:
    """Non-maximum suppression: keeps the best of boxes that overlap.

    Args:
        boxes: float32 (N, 4), x, y, width, height.
        scores: float32 (N,).
        overlap: a box is dropped whose intersection over union with a better one is
            over this.

    Returns:
        Positions of the boxes kept, the best first.
    """
    order = np.argsort(-scores, kind="stable")
    kept: list[int] = []
    while order.size:
        best, order = order[0], order[1:]
        kept.append(int(best))
        shared, areas = _shared(boxes[best], boxes[order])
        union = boxes[best, 2:].prod() + areas - shared
        order = order[shared / np.maximum(union, TINY) <= overlap]
    return kept


def drop_inner(boxes: FloatArray, kept: list[int], share: float) -> list[int]:
    """Drops boxes that lie in a larger one: eyes and mouths taken for faces.

    Args:
        boxes: float32 (N, 4), x, y, width, height.
        kept: positions of the boxes to look at.
        share: of a box's area that has to lie in the larger one.

    Returns:
        The positions that remain, in the same order.
    """
    chosen = boxes[kept]
    areas = chosen[:, 2:].prod(axis=1)
    remaining = []
    for position, box, area in zip(kept, chosen, areas, strict=True):
        shared, _ = _shared(box, chosen)
        inside = (areas > area) & (shared > share * area)
        if not inside.any():
            remaining.append(position)
    return remaining


def clip(boxes: FloatArray, width: int, height: int) -> FloatArray:
    """Boxes (N, 4) cut off at the borders of a picture of this size."""
    size = np.array([width, height], np.float32)
    low = np.clip(boxes[:, :2], 0, size)
    high = np.clip(boxes[:, :2] + boxes[:, 2:], 0, size)
    return np.concatenate([low, high - low], axis=1)


def _shared(box: FloatArray, others: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Areas that a box (4,) shares with others (N, 4), and the others' areas: (N,)."""
    low = np.maximum(box[:2], others[:, :2])
    high = np.minimum(box[:2] + box[2:], others[:, :2] + others[:, 2:])
    return (high - low).clip(min=0).prod(axis=1), others[:, 2:].prod(axis=1)
