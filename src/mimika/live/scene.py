"""From a frame to who is in it and what each of them shows.

The same for a camera and a file: faces are followed (`runtime.tracking`), each that can
be seen is classified, and the answers about one person are smoothed over time
(`runtime.smoothing`).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from mimika.core.predictor import Predictor
from mimika.core.preprocess import FloatArray, UInt8Array
from mimika.live.frames import Frame
from mimika.live.moment import Moment, Person
from mimika.runtime.faces import FaceDetector
from mimika.runtime.framing import face_crop, tilt_of
from mimika.runtime.quality import warnings_of
from mimika.runtime.smoothing import Smoothed, Smoother, SmootherSettings
from mimika.runtime.stages import Stopwatch
from mimika.runtime.tracking import Track, Tracker, TrackerSettings

TURNED_AWAY_S = 0.3  # a face that the detector has not seen for so long is unsure


@dataclass(frozen=True)
class SceneSettings:
    """How a moving picture is read.

    Attributes:
        tracker: of those who are in it.
        smoother: of the answers about each.
        faces_at_once: how many faces are classified in one frame; of more, those whose
            latest answer is oldest.
    """

    tracker: TrackerSettings = field(default_factory=TrackerSettings)
    smoother: SmootherSettings = field(default_factory=SmootherSettings)
    faces_at_once: int = 8


@dataclass
class _Known:
    """What is known about one person's expression."""

    smoother: Smoother
    answer: Smoothed | None = None
    answered_s: float = -math.inf
    doubtful: bool = False


class SceneReader:
    """Reads the frames of one moving picture, in their order."""

    def __init__(
        self,
        classifier: Predictor,
        detector: FaceDetector,
        settings: SceneSettings | None = None,
    ) -> None:
        """Begins without anybody.

        Args:
            classifier: of faces; its card has the task.
            detector: finds them.
            settings: times and numbers.
        """
        self._settings = settings or SceneSettings()
        self._classifier = classifier
        self._keys = classifier.card.resolve_task().keys
        self._tracker = Tracker(
            lambda pixels: detector.detect(pixels, "fast"), self._settings.tracker
        )
        self._known: dict[int, _Known] = {}

    def read(self, frame: Frame) -> Moment:
        """Who is in the next frame."""
        watch = Stopwatch()
        tracks = self._tracker.update(frame.pixels, frame.time_s, watch)
        self._classify(frame, tracks, watch)
        self._forget(frame.time_s)
        height, width = frame.pixels.shape[:2]
        people = [self._person(track) for track in tracks]
        return Moment(
            index=frame.index,
            time_s=frame.time_s,
            width=width,
            height=height,
            people=tuple(person for person in people if person is not None),
            stage_ms={name: 1000 * s for name, s in watch.seconds.items()},
        )

    def _classify(
        self, frame: Frame, tracks: Sequence[Track], watch: Stopwatch
    ) -> None:
        """Answers about those who are seen, the longest unanswered first."""
        due = [track for track in tracks if track.seen]
        for track in due:
            if track.identity not in self._known:
                self._known[track.identity] = _Known(Smoother(self._settings.smoother))
        due.sort(key=lambda track: self._known[track.identity].answered_s)
        due = due[: self._settings.faces_at_once]
        with watch.of("crop"):
            crops = [_crop(frame.pixels, track) for track in due]
        with watch.of("classify"):
            rows = self._classifier.predict(crops)
        for track, crop, row in zip(due, crops, rows, strict=True):
            self._take(track, crop, row, frame.time_s)

    def _take(
        self, track: Track, crop: UInt8Array, row: FloatArray, time_s: float
    ) -> None:
        known = self._known[track.identity]
        known.answer = known.smoother.update(row, time_s)
        known.answered_s = time_s
        side_px = math.sqrt(track.box[2] * track.box[3])
        away = track.hidden_s > TURNED_AWAY_S
        known.doubtful = away or bool(warnings_of(crop, side_px, track.landmarks))

    def _person(self, track: Track) -> Person | None:
        """None for somebody about whom nothing was answered yet."""
        known = self._known.get(track.identity)
        if known is None or known.answer is None:
            return None
        values = known.answer.probabilities.tolist()
        return Person(
            identity=track.identity,
            box=track.box,
            label=self._keys[known.answer.label],
            probabilities=dict(zip(self._keys, values, strict=True)),
            sure=known.answer.sure and not known.doubtful,
            seen=track.seen,
        )

    def _forget(self, time_s: float) -> None:
        """Drops answers about those whom the tracker has forgotten."""
        since_s = time_s - self._settings.tracker.forget_s
        for identity, known in list(self._known.items()):
            if known.answered_s < since_s:
                del self._known[identity]


def _crop(pixels: UInt8Array, track: Track) -> UInt8Array:
    return face_crop(pixels, track.box, tilt_of(track.landmarks))
