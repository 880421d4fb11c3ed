"""Pairs rows with columns so that the sum of the costs is lowest.

The Hungarian method with shortest augmenting paths: Jonker and Volgenant, "A Shortest
Augmenting Path Algorithm for Dense and Sparse Linear Assignment Problems" (1987),
without their initial reductions, which pay from hundreds of rows on. Checked against
SciPy's `linear_sum_assignment`.
"""

import numpy as np
from numpy.typing import NDArray

Costs = NDArray[np.float64]

FORBIDDEN = 1e6  # of a pair that may not be; more than all allowed ones together


def assign(costs: Costs, most: float) -> list[tuple[int, int]]:
    """The cheapest pairs, as many as are allowed.

    Args:
        costs: float64 (N, M), each far under `FORBIDDEN`, or not finite where a pair
            may not be.
        most: pairs that cost more than this may not be either.

    Returns:
        (row, column), by row; each row and each column at most once.
    """
    allowed = np.isfinite(costs) & (costs <= most)
    filled = np.where(allowed, costs, FORBIDDEN)
    if costs.shape[0] > costs.shape[1]:
        pairs = [(row, column) for column, row in enumerate(_match(filled.T))]
    else:
        pairs = list(enumerate(_match(filled)))
    return sorted(pair for pair in pairs if allowed[pair])


def _match(costs: Costs) -> list[int]:
    """The column of each row; there are at least as many columns as rows.

    Column 0 stands for "not matched yet", so rows and columns count from 1 inside.
    """
    rows, columns = costs.shape
    of_row, of_column = np.zeros(rows + 1), np.zeros(columns + 1)  # dual prices
    row_at = np.zeros(columns + 1, int)
    for row in range(1, rows + 1):
        row_at[0] = row
        before, column = _path(costs, of_row, of_column, row_at)
        while column:
            row_at[column] = row_at[before[column]]
            column = before[column]
    matched = np.zeros(rows, int)
    for column in range(1, columns + 1):
        if row_at[column]:
            matched[row_at[column] - 1] = column - 1
    return [int(column) for column in matched]


def _path(
    costs: Costs, of_row: Costs, of_column: Costs, row_at: NDArray[np.int_]
) -> tuple[NDArray[np.int_], int]:
    """The cheapest way from the row at column 0 to a free column; changes the prices.

    Returns:
        int (M + 1,), the column before each column on the way; and the free column.
    """
    slack = np.full(len(of_column), np.inf)
    before = np.zeros(len(of_column), int)
    done = np.zeros(len(of_column), bool)
    column = 0
    while row_at[column]:
        done[column] = True
        row = row_at[column]
        reduced = costs[row - 1] - of_row[row] - of_column[1:]
        closer = ~done[1:] & (reduced < slack[1:])
        slack[1:][closer] = reduced[closer]
        before[1:][closer] = column
        following = int(np.where(done, np.inf, slack).argmin())
        step = slack[following]
        of_row[row_at[done]] += step
        of_column[done] -= step
        slack[~done] -= step
        column = following
    return before, column
