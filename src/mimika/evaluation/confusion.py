"""A confusion matrix as lines of text."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

CORNER = "true \\ predicted"


def confusion_table(matrix: NDArray[np.int64], names: Sequence[str]) -> list[str]:
    """Rows are the true classes, columns the predicted ones.

    Args:
        matrix: int64 (K, K).
        names: the classes' display names.

    Returns:
        Aligned lines, the header first; the last column is the row's recall.
    """
    left = max(len(CORNER), *(len(name) for name in names))
    widths = [max(len(name), len(str(matrix.max()))) for name in names]
    header = "  ".join(n.rjust(w) for n, w in zip(names, widths, strict=True))
    lines = [f"{CORNER.ljust(left)}  {header}  recall"]
    for index, (name, row) in enumerate(zip(names, matrix, strict=True)):
        cells = "  ".join(str(v).rjust(w) for v, w in zip(row, widths, strict=True))
        recall = row[index] / max(int(row.sum()), 1)
        lines.append(f"{name.ljust(left)}  {cells}  {recall:6.3f}")
    return lines
