"""What looks at moving pictures: the networks, and who draws what they say."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mimika.core.errors import ModelError
from mimika.core.tasks import Task
from mimika.live.frames import Frame
from mimika.live.moment import Moment
from mimika.live.overlay import Overlay
from mimika.live.scene import SceneReader
from mimika.runtime.classifier import OnnxClassifier
from mimika.runtime.faces import FaceDetector
from mimika.runtime.hardware import Hardware
from mimika.runtime.shelved import model_file


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
    path = model_file(model)
    detector = FaceDetector(hardware)
    classifier = OnnxClassifier(path, hardware.settled(detector.provider))
    task = classifier.card.resolve_task()
    if not task.finds_faces:
        raise ModelError(
            f"{path}: its task {task.name!r} is not about faces, which are looked for "
            "in moving pictures; take a model of faces, such as the one in the package"
        )
    scene, overlay = SceneReader(classifier, detector), Overlay(task)

    def draw(frame: Frame, moment: Moment) -> Frame:
        return overlay.draw(frame, moment, status=False)  # a film has no frames/s

    return Look(task, scene.read, draw)
