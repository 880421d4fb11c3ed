"""One face that is followed from picture to picture."""

import math
from dataclasses import dataclass, field

import numpy as np

from mimika.core.preprocess import FloatArray
from mimika.runtime.appearance import SAME, SIMILAR, Appearance
from mimika.runtime.faces import Detection
from mimika.runtime.flow import Step
from mimika.runtime.framing import Rectangle
from mimika.runtime.motion import MEASURED, Motion

FOLLOWED = MEASURED / 2  # deviation of a step of the optical flow, in sizes of the face
HALF_HIDDEN = 0.3  # deviation of the box of a face that another one covers in part
SHRUNK = 0.87  # of its expected size: a face that is smaller is covered in part
COASTING_S = 0.5  # a face that went out of sight keeps its speed for so long
BLEND = 0.3  # share of the latest look in what is remembered
UNUSUAL_BLEND = 0.03  # of one that is unlike the others: perhaps half hidden or turned
USUAL = 0.6  # likeness
REACH, MOST_REACH = 0.6, 3.0  # in sizes of the face
LARGEST_RATIO = 2.2  # of sizes, in one step
LOOKS_WEIGHT = 1.0  # of a whole unit of likeness against one of overlap
BRIEF_S = 1.5  # somebody who was away for longer is not known by the place alone
ELSEWHERE = 2.0  # cost of a place where nobody was expected
ABSENT_COST = 0.3  # of somebody who is out of sight: those in sight come first


@dataclass
class Followed:
    """What is known about one face.

    Attributes:
        motion: where it is expected.
        looks: what it looks like.
        landmarks: float32 (5, 2), in pixels of the picture.
        score: of its latest detection, 0..1.
        detected_s: time of that.
        evident_s: when it was last detected or followed.
        sightings: how often it was detected.
        latest: what it looked like in the latest picture; None before the first.
        identity: number; 0 until it is sure to be a face.
    """

    motion: Motion
    looks: Appearance
    landmarks: FloatArray
    score: float
    detected_s: float
    evident_s: float
    sightings: int = 1
    latest: Appearance | None = field(default=None, repr=False)
    identity: int = 0

    @staticmethod
    def begin(found: Detection, looks: Appearance, time_s: float) -> "Followed":
        """A face that was found for the first time."""
        motion = Motion(found.box)
        return Followed(motion, looks, found.landmarks, found.score, time_s, time_s)

    def go_on(self, time_s: float, seconds: float) -> None:
        """Moves the expectation forward in time."""
        fading = time_s - self.evident_s > COASTING_S
        before = self.motion.box
        self.motion.go_on(seconds, fading=fading)
        self.landmarks = _carried(self.landmarks, before, self.motion.box)

    def step(self, former: Rectangle, step: Step, time_s: float) -> None:
        """Follows the optical flow."""
        before = self.motion.box
        self.motion.correct(step.apply(former), FOLLOWED)
        self.landmarks = _carried(self.landmarks, before, self.motion.box)
        self.evident_s = time_s

    def meet(
        self, found: Detection, looks: Appearance, time_s: float, *, alone: bool
    ) -> None:
        """Takes a detection for this face.

        Args:
            found: it.
            looks: of it.
            time_s: of the picture.
            alone: whether nobody else is so near that they may cover this face.
        """
        if time_s - self.evident_s > COASTING_S:  # its old speed means nothing now
            self.motion = Motion(found.box)
        usual = self.looks.likeness(looks) >= USUAL
        size_px = math.sqrt(found.box[2] * found.box[3])
        whole = size_px >= SHRUNK * self.motion.size_px and (usual or alone)
        self.motion.correct(found.box, MEASURED if whole else HALF_HIDDEN)
        self.landmarks, self.score = found.landmarks, found.score
        self.detected_s = self.evident_s = time_s
        self.sightings += 1
        self.looks = self.looks.blended(
            looks, BLEND if usual and alone else UNUSUAL_BLEND
        )

    def cost(
        self, found: Detection, looks: Appearance, absent_s: float, *, moved: bool
    ) -> float:
        """How badly a detection fits; infinite where it cannot be this face.

        Args:
            found: the detection.
            looks: of it.
            absent_s: how long the face has been out of sight.
            moved: whether the camera did, as at a cut, so that places mean nothing.
        """
        gap, ratio = _apart(self.motion.box, found.box)
        reach = min(REACH + 2 * self.motion.doubt, MOST_REACH)
        here = not moved and gap <= reach and ratio <= LARGEST_RATIO
        if here and absent_s > BRIEF_S:
            here = self.looks.may_be(looks, pattern=SIMILAR)
        lost = absent_s > 0 or moved
        if not here and not (lost and self.looks.may_be(looks, pattern=SAME)):
            return math.inf
        place = 1 - overlap(self.motion.box, found.box) + gap / MOST_REACH
        if not here:
            place = ELSEWHERE
        unlike = 1 - self.looks.likeness(looks)
        return place + LOOKS_WEIGHT * unlike + ABSENT_COST * lost


def overlap(one: Rectangle, other: Rectangle) -> float:
    """Intersection over union of two boxes (x, y, width, height), 0..1."""
    across = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    down = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    shared = max(across, 0.0) * max(down, 0.0)
    union = one[2] * one[3] + other[2] * other[3] - shared
    return shared / union if union > 0 else 0.0


def grown(box: Rectangle, factor: float) -> Rectangle:
    """A box that is this many times as wide and as high, about the same middle."""
    x, y, w, h = box
    return (x - w * (factor - 1) / 2, y - h * (factor - 1) / 2, w * factor, h * factor)


def _apart(one: Rectangle, other: Rectangle) -> tuple[float, float]:
    """Distance of the middles in mean sizes, and ratio of the sizes, at least 1."""
    sizes = [max(math.sqrt(box[2] * box[3]), 1e-6) for box in (one, other)]
    across = one[0] + one[2] / 2 - other[0] - other[2] / 2
    down = one[1] + one[3] / 2 - other[1] - other[3] / 2
    return math.hypot(across, down) / (sum(sizes) / 2), max(sizes) / min(sizes)


def _carried(landmarks: FloatArray, before: Rectangle, after: Rectangle) -> FloatArray:
    """Landmarks that move and grow with their box."""
    start, size = np.array(before[:2]), np.maximum(before[2:], 1e-6)
    share = (landmarks - start) / size
    return np.asarray(share * np.array(after[2:]) + np.array(after[:2]), np.float32)
