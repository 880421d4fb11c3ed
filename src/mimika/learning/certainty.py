"""What a share of right answers says about pictures that nobody has seen yet.

The exact interval of a share: Clopper and Pearson, "The use of confidence or fiducial
limits illustrated in the case of the binomial" (1934). What a further set of pictures
will show varies by itself, too: its share has the interval of a beta-binomial
distribution after Jeffreys' prior (Brown, Cai and DasGupta, "Interval Estimation for a
Binomial Proportion" (2001), section 4.3, for the prior).
"""

from scipy.stats import beta, betabinom  # type: ignore[import-untyped]  # no types

from mimika.evaluation.intervals import Interval

PRIOR = 0.5


def exact_interval(right: float, count: int) -> Interval:
    """The 95 % interval of a share, at least 95 % whatever the share.

    Args:
        right: how many answers are right; a mean over repeats need not be whole.
        count: of how many.

    Raises:
        ValueError: none at all, or more right ones than there are.
    """
    if count < 1 or not 0 <= right <= count:
        raise ValueError(f"expected 0 <= right <= count, got {right} of {count}")
    low = 0.0 if right <= 0 else float(beta.ppf(0.025, right, count - right + 1))
    high = 1.0 if right >= count else float(beta.ppf(0.975, right + 1, count - right))
    return Interval(right / count, low, high)


def interval_of_others(right: float, count: int, others: int) -> Interval:
    """Where the share of right answers about other pictures lies, with 95 %.

    Args:
        right: how many answers are right.
        count: of how many.
        others: how many other pictures.

    Raises:
        ValueError: as `exact_interval`.
    """
    if count < 1 or others < 1 or not 0 <= right <= count:
        raise ValueError(f"expected 0 <= right <= count, got {right} of {count}")
    shape = (others, right + PRIOR, count - right + PRIOR)
    low, high = (float(betabinom.ppf(end, *shape)) / others for end in (0.025, 0.975))
    share = right / count
    return Interval(share, min(share, low), max(share, high))
