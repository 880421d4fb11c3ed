"""Who is who from picture to picture.

The detector looks every so often, and whenever somebody may be lost; between, faces are
followed by optical flow. A Kalman filter expects each face where it will be, and
detections are assigned to the faces by overlap with that place and by looks, all at
once and at the lowest cost. So identities survive faces that cross, a head that the
detector does not see while it is turned, and an absence. The plan is that of Bewley et
al., "Simple Online and Realtime Tracking" (2016), with flow and looks added.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count

import cv2
import numpy as np

from mimika.core.preprocess import FloatArray, UInt8Array
from mimika.runtime.appearance import Appearance, appearance_of
from mimika.runtime.assignment import Costs, assign
from mimika.runtime.faces import Detection
from mimika.runtime.flow import Copy, Step, copy_of, follow
from mimika.runtime.followed import Followed, grown, overlap
from mimika.runtime.framing import Rectangle
from mimika.runtime.stages import Stopwatch

AROUND = 2.0  # hair and shoulders are so much wider than the box of a face
CROWDED = 0.02  # overlap of people from which on one may cover the other's face
STILL_THERE = 0.5  # likeness to the picture before: less, and the face went away
MOST_COST = 5.0
SLACK_S = 0.005  # times of frames are not exact
CUT_SIZE = (16, 9)
CUT = 12.0  # grey levels by which half of the cells change at least in another scene


@dataclass(frozen=True)
class TrackerSettings:
    """Times in seconds, so that they mean the same at any number of frames a second.

    Attributes:
        detect_every_s: how often the detector looks while nobody is lost.
        certain_score: a detection with this score is a face at once; others have to be
            seen twice.
        turned_s: how long a face is followed that the detector does not see.
        shown_s: how long a face is shown where it is expected to be.
        forget_s: how long somebody may be away and is known again.
    """

    detect_every_s: float = 0.1
    certain_score: float = 0.8
    turned_s: float = 1.5
    shown_s: float = 0.25
    forget_s: float = 10.0


@dataclass(frozen=True)
class Track:
    """A person in one picture.

    Attributes:
        identity: from 1 in the order of appearance.
        box: x, y, width and height in pixels; may reach over the border.
        landmarks: float32 (5, 2), as in `faces.Detection`.
        score: of the latest detection, 0..1.
        seen: whether it was found in this picture or followed to it.
        hidden_s: how long the detector has not seen it.
    """

    identity: int
    box: Rectangle
    landmarks: FloatArray
    score: float
    seen: bool
    hidden_s: float


class Tracker:
    """Follows the faces of one moving picture."""

    def __init__(
        self,
        detect: Callable[[UInt8Array], Sequence[Detection]],
        settings: TrackerSettings | None = None,
    ) -> None:
        """Begins without anybody.

        Args:
            detect: finds the faces in uint8 (H, W, 3), RGB.
            settings: times.
        """
        self._detect = detect
        self._settings = settings or TrackerSettings()
        self._faces: list[Followed] = []
        self._numbers = count(1)
        self._copy: Copy | None = None
        self._time_s = 0.0
        self._looked_s = -np.inf

    def update(
        self, pixels: UInt8Array, time_s: float, watch: Stopwatch | None = None
    ) -> list[Track]:
        """Takes the next picture.

        Args:
            pixels: uint8 (H, W, 3), RGB, 0..255.
            time_s: of the picture; not before that of the former one.
            watch: is told how long following and detecting take.

        Returns:
            Those in the picture, by their identities.
        """
        watch = watch or Stopwatch()
        self._forget_the_absent(time_s)
        with watch.of("track"):
            copy = copy_of(pixels)
            moved = self._copy is not None and is_cut(self._copy.grey, copy.grey)
            unsure = self._follow(pixels, copy, time_s) or moved
        due = time_s - self._looked_s >= self._settings.detect_every_s - SLACK_S
        if due or unsure:
            with watch.of("detect"):
                found = self._detect(pixels)
            with watch.of("track"):
                self._meet(pixels, found, time_s, moved=moved)
            self._looked_s = time_s
        self._copy, self._time_s = copy, time_s
        self._drop_nobody(time_s)
        return self._tracks(time_s)

    def _follow(self, pixels: UInt8Array, copy: Copy, time_s: float) -> bool:
        """Follows all faces; whether the detector has to look for one of them."""
        former = [face.motion.box for face in self._faces]
        for face in self._faces:
            face.go_on(time_s, time_s - self._time_s)
        present = [i for i, face in enumerate(self._faces) if self._is_present(face)]
        steps = self._steps(copy, former, present)
        unsure = any(not face.identity for face in self._faces)  # a face or nothing?
        for i, step in zip(present, steps, strict=True):
            face = self._faces[i]
            if step is None or self._is_crowded(face):
                unsure = True
                continue
            looks = appearance_of(pixels, step.apply(former[i]))
            before, face.latest = face.latest, looks
            if before is not None and before.likeness(looks) < STILL_THERE:
                unsure = True
            elif time_s - face.detected_s <= self._settings.turned_s:
                face.step(former[i], step, time_s)
        return unsure

    def _steps(
        self, copy: Copy, former: list[Rectangle], present: list[int]
    ) -> list[Step | None]:
        """How those who were there moved."""
        if self._copy is None:
            return [None] * len(present)
        expected = [self._faces[i].motion.box for i in present]
        return follow(self._copy, copy, [former[i] for i in present], expected)

    def _meet(
        self,
        pixels: UInt8Array,
        found: Sequence[Detection],
        time_s: float,
        *,
        moved: bool,
    ) -> None:
        """Assigns detections to faces; those of nobody are new faces."""
        looks = [appearance_of(pixels, each.box) for each in found]
        pairs = assign(self._costs(found, looks, time_s, moved=moved), MOST_COST)
        for i, j in pairs:
            face = self._faces[i]
            alone = not self._is_crowded(face)
            face.meet(found[j], looks[j], time_s, alone=alone)
            face.latest = looks[j]
        taken = {j for _, j in pairs}
        for j in range(len(found)):
            if j not in taken:
                self._faces.append(Followed.begin(found[j], looks[j], time_s))
        for face in self._faces:
            certain = face.score >= self._settings.certain_score or face.sightings > 1
            if not face.identity and certain:
                face.identity = next(self._numbers)

    def _costs(
        self,
        found: Sequence[Detection],
        looks: Sequence[Appearance],
        time_s: float,
        *,
        moved: bool,
    ) -> Costs:
        """float64 (faces, detections)."""
        costs = np.empty((len(self._faces), len(found)))
        for i, face in enumerate(self._faces):
            absent_s = time_s - face.evident_s
            for j, each in enumerate(found):
                costs[i, j] = face.cost(each, looks[j], absent_s, moved=moved)
        return costs

    def _is_present(self, face: Followed) -> bool:
        """Whether it was evident in the picture before."""
        return face.evident_s >= self._time_s

    def _is_crowded(self, face: Followed) -> bool:
        """Whether somebody else is so near that they may cover this face."""
        whole = grown(face.motion.box, AROUND)
        others = (each for each in self._faces if each is not face)
        return any(
            overlap(whole, grown(other.motion.box, AROUND)) > CROWDED
            for other in others
        )

    def _forget_the_absent(self, time_s: float) -> None:
        """Drops who was away for too long, also where no picture came meanwhile."""
        since_s = time_s - self._settings.forget_s
        self._faces = [face for face in self._faces if face.evident_s >= since_s]

    def _drop_nobody(self, time_s: float) -> None:
        """Drops what was seen once and is no face after all."""
        since_s = time_s - self._settings.shown_s
        self._faces = [
            face for face in self._faces if face.identity or face.evident_s >= since_s
        ]

    def _tracks(self, time_s: float) -> list[Track]:
        tracks = [
            Track(
                face.identity,
                face.motion.box,
                face.landmarks,
                face.score,
                seen=face.evident_s == time_s,
                hidden_s=time_s - face.detected_s,
            )
            for face in self._faces
            if face.identity and time_s - face.evident_s <= self._settings.shown_s
        ]
        return sorted(tracks, key=lambda track: track.identity)


def is_cut(before: UInt8Array, after: UInt8Array) -> bool:
    """Whether two pictures show different scenes.

    Args:
        before: uint8 (h, w), grey.
        after: likewise.
    """
    if before.shape != after.shape:
        return True
    small = [
        np.asarray(cv2.resize(grey, CUT_SIZE, None, 0, 0, cv2.INTER_AREA), np.float64)
        for grey in (before, after)
    ]
    changes = small[1] - small[0]
    changes -= np.median(changes)  # a camera that adapts to the light is no cut
    return float(np.median(np.abs(changes))) > CUT
