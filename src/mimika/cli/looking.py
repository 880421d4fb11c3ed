"""What looks at moving pictures: the networks, and who draws what they say."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mimika.cli.face_table import percent
from mimika.core.errors import ModelError
from mimika.core.results import Box
from mimika.core.tasks import Task
from mimika.live.frames import Frame
from mimika.live.moment import Moment, Person
from mimika.live.scene import SceneReader
from mimika.reporting.annotate import Mark, annotate
from mimika.runtime.classifier import OnnxClassifier
from mimika.runtime.faces import FaceDetector
from mimika.runtime.hardware import Hardware
from mimika.runtime.pipeline import DEFAULT_MODEL


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

    Args:
        model: that 'mimika export' wrote; None for the one in the package.
        hardware: what both networks may use.

    Raises:
        ModelError: the file is not there, not such a model, or not about faces.
        ConfigError: the hardware is required and does not work here.
    """
    path = DEFAULT_MODEL if model is None else model
    detector = FaceDetector(hardware)
    classifier = OnnxClassifier(path, hardware.settled(detector.provider))
    task = classifier.card.resolve_task()
    if not task.finds_faces:
        raise ModelError(
            f"{path}: its task {task.name!r} is not about faces, which are looked for "
            "in moving pictures; take a model of faces, such as the one in the package"
        )
    scene = SceneReader(classifier, detector)

    def draw(frame: Frame, moment: Moment) -> Frame:
        marks = [_mark(person, task) for person in moment.people]
        return Frame(annotate(frame.pixels, marks), frame.time_s, frame.index)

    return Look(task, scene.read, draw)


def _mark(person: Person, task: Task) -> Mark:
    """A person's box with the number, the class and its probability."""
    label = task.label(person.label)
    doubt = "" if person.sure else "?"
    text = f"{person.identity}: {label.name} {percent(person.probability)}{doubt}"
    return Mark(Box(*map(round, person.box)), text, label.colour)
