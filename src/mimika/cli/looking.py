"""What looks at moving pictures: the networks, and who draws what they say."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mimika.cli.predict import marks
from mimika.core.tasks import Task
from mimika.live.frames import Frame
from mimika.live.moment import Moment, Person
from mimika.reporting.annotate import annotate
from mimika.runtime.hardware import Hardware
from mimika.runtime.pipeline import load_analyzer


@dataclass(frozen=True)
class Look:
    """A pair of eyes and a pen.

    Attributes:
        task: the classes.
        read: says who is in a frame.
        draw: makes a marked copy of a frame.
    """

    task: Task
    read: Callable[[Frame], Moment]
    draw: Callable[[Frame, Moment], Frame]


def open_look(model: Path | None, hardware: Hardware) -> Look:
    """Opens a model and the face detector.

    Raises:
        ModelError: the file is not there or not such a model.
        ConfigError: the hardware is required and does not work here.
    """
    analyzer = load_analyzer(model, hardware)

    def read(frame: Frame) -> Moment:
        found = analyzer.analyze(frame.pixels, detail="fast")
        people = tuple(
            Person(number, face.box, face.label, face.probabilities, not face.warnings)
            for number, face in enumerate(found.faces, 1)
        )
        height, width = frame.pixels.shape[:2]
        return Moment(frame.index, frame.time_s, width, height, people)

    def draw(frame: Frame, moment: Moment) -> Frame:
        found = analyzer.analyze(frame.pixels, detail="fast")
        pixels = annotate(frame.pixels, marks(found.faces, analyzer.task))
        return Frame(pixels, frame.time_s, frame.index)

    return Look(analyzer.task, read, draw)
