"""Where a figure on FER2013's PublicTest stands among published ones on PrivateTest.

The two are different pictures, and the second ones are easier: a run has to be read
higher before it is set beside published figures, by an amount that is itself uncertain.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from mimika.core.tasks import EMOTION
from mimika.evaluation.published import Published
from mimika.reporting.tables import percent

CLASSES = EMOTION.keys
# what one network reads higher on PrivateTest than on PublicTest in the two published
# repositories that give both (WuJie1010 and pooya-mohammadi)
EASIER = (0.012, 0.018)
PUBLIC, PRIVATE = "PublicTest", "PrivateTest"


@dataclass(frozen=True)
class Place:
    """How many published figures for PrivateTest lie around an expected one.

    Attributes:
        low: lower end of what is expected on PrivateTest, 0..1.
        high: upper end.
        above: comparable figures for PrivateTest above the upper end.
        below: those below the lower end.
        between: those in between, which cannot be told apart from it.
    """

    low: float
    high: float
    above: int
    below: int
    between: int


def place(accuracy: float, published: Sequence[Published]) -> Place:
    """Places an accuracy on PublicTest among the comparable figures for PrivateTest."""
    low, high = (accuracy + more for more in EASIER)
    others = [
        row.accuracy for row in published if row.comparable and row.split == PRIVATE
    ]
    above = sum(other > high for other in others)
    below = sum(other < low for other in others)
    return Place(low, high, above, below, len(others) - above - below)


def describe_place(accuracy: float, split: str, published: Sequence[Published]) -> str:
    """The same in words.

    Args:
        accuracy: 0..1.
        split: the pictures that it was measured on.
        published: the figures to place it among.
    """
    if split != PUBLIC:
        return (
            f"This run was measured on {split}. None of the figures below is for "
            "these pictures, so that it cannot be placed among them."
        )
    found = place(accuracy, published)
    above, below, between = (
        count or "none" for count in (found.above, found.below, found.between)
    )
    return (
        f"Most figures below are for {PRIVATE}, which is easier: in the two "
        "repositories that give both, one network reads "
        f"{100 * EASIER[0]:.1f} to {100 * EASIER[1]:.1f} points higher there than on "
        f"{PUBLIC}. So {percent(accuracy)} here is to be read as about "
        f"{percent(found.low)} to {percent(found.high)} there, a little less because "
        f"this checkpoint was chosen on {PUBLIC}. Of the comparable figures for "
        f"{PRIVATE}, {above} are above that, {below} below and {between} not "
        "to be told apart from it. Mind the column of inference: this run looked at "
        "each picture once."
    )
