"""What is known about one frame: who is in it, and what each of them shows."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Person:
    """One face in a moving picture.

    Attributes:
        identity: number of the person, from 1 in the order of appearance; the same
            from frame to frame, also after a short absence.
        box: x, y, width and height in pixels of the frame; may reach over its border.
        label: key of the class that is shown; changes only on evidence.
        probabilities: smoothed and calibrated, by class key in the task's order; they
            sum to 1.
        sure: whether the answer means something; False while a face has just come,
            between two classes, or where it can hardly be seen.
        seen: whether the face was found in or followed to this frame; False where
            its place is only expected.
    """

    identity: int
    box: tuple[float, float, float, float]
    label: str
    probabilities: Mapping[str, float]
    sure: bool
    seen: bool = True

    @property
    def probability(self) -> float:
        """Of the label that is shown."""
        return self.probabilities[self.label]


@dataclass(frozen=True)
class Moment:
    """The answer for one frame.

    Attributes:
        index: number of the frame in its source; those that were dropped count.
        time_s: of the frame, in seconds from the first one.
        width: of the frame in pixels.
        height: likewise.
        people: in the order of their identities.
        stage_ms: how long each stage took, by its name.
        frames_per_s: how many frames are shown in a second at present; None where
            that means nothing, as in a file.
        dropped: frames of the source that were not looked at so far.
    """

    index: int
    time_s: float
    width: int
    height: int
    people: tuple[Person, ...] = ()
    stage_ms: Mapping[str, float] = field(default_factory=dict)
    frames_per_s: float | None = None
    dropped: int = 0
