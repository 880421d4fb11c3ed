"""95 % intervals: of a share of trials, and of any figure of a confusion matrix.

A share has the interval of Wilson, "Probable Inference, the Law of Succession, and
Statistical Inference" (1927), which keeps its coverage near 0 and 1 and for small sets.
Figures that are no share of trials have a percentile bootstrap: Efron and Tibshirani,
"An Introduction to the Bootstrap" (1993), section 13.3. All are checked against other
implementations.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Z95 = 1.959963984540054  # 97.5 % point of the normal distribution
DRAWS = 2000  # the ends of a bootstrap interval then vary by about 0.0005 at N = 3589


@dataclass(frozen=True)
class Interval:
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float


def wilson_interval(successes: int, trials: int) -> Interval:
    """Wilson's score interval at 95 %.

    Raises:
        ValueError: no trials, or successes outside 0..trials.
    """
    if trials < 1 or not 0 <= successes <= trials:
        raise ValueError(
            f"expected 0 <= successes <= trials and at least one trial, got "
            f"{successes} of {trials}"
        )
    share = successes / trials
    scale = 1 + Z95**2 / trials
    middle = (share + Z95**2 / (2 * trials)) / scale
    spread = share * (1 - share) / trials + Z95**2 / (4 * trials**2)
    half = Z95 * math.sqrt(spread) / scale
    return Interval(share, max(0.0, middle - half), min(1.0, middle + half))


def drawn_again(confusion: NDArray[np.int64], seed: int = 0) -> NDArray[np.int64]:
    """Confusion matrices of as many pictures, drawn with replacement.

    To draw N pictures and count their confusion matrix is to draw that matrix from a
    multinomial distribution, so single pictures are not needed.

    Args:
        confusion: int64 (K, K), row: true class, column: predicted class; not all 0.
        seed: seeds the draws, so that the same matrix has the same intervals.

    Returns:
        int64 (2000, K, K).
    """
    count = int(confusion.sum())
    shares = confusion.ravel() / count
    drawn = np.random.default_rng(seed).multinomial(count, shares, DRAWS)
    return drawn.reshape(-1, *confusion.shape)


def percentile_interval(value: float, drawn: NDArray[np.float64]) -> Interval:
    """The middle 95 % of a figure's bootstrap draws, float64 (R,), and the figure."""
    low, high = np.quantile(drawn, (0.025, 0.975))
    return Interval(value, min(value, float(low)), max(value, float(high)))
