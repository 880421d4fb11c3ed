"""Tasks: a list of classes, and whether faces are looked for first.

The colours are those of Okabe and Ito, "Color Universal Design" (2008): told apart
under protanopia, deuteranopia and tritanopia. Yellow and black are left out, because
the colours must show on white pages as well as on dark photographs.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from mimika.core.errors import ModelError


@dataclass(frozen=True)
class Label:
    """One class of a task.

    Attributes:
        key: lower-case name used in folders, JSON and the command line.
        name: what people read.
        colour: `#rrggbb`.
    """

    key: str
    name: str
    colour: str


@dataclass(frozen=True)
class Task:
    """What a model answers.

    Attributes:
        name: key of the task in `TASKS`.
        labels: the classes, in the order of the model's outputs.
        finds_faces: whether faces are looked for before classifying.
    """

    name: str
    labels: tuple[Label, ...]
    finds_faces: bool

    @property
    def keys(self) -> tuple[str, ...]:
        """The labels' keys in the order of the model's outputs."""
        return tuple(label.key for label in self.labels)

    @property
    def names(self) -> tuple[str, ...]:
        """The labels' display names in the order of the model's outputs."""
        return tuple(label.name for label in self.labels)

    def label(self, key: str) -> Label:
        """The label with this key.

        Raises:
            KeyError: no label of this task has the key.
        """
        return {label.key: label for label in self.labels}[key]


EMOTION = Task(
    name="emotion",
    labels=(
        Label("angry", "Angry", "#d55e00"),
        Label("disgust", "Disgust", "#009e73"),
        Label("fear", "Fear", "#cc79a7"),
        Label("happy", "Happy", "#e69f00"),
        Label("sad", "Sad", "#0072b2"),
        Label("surprise", "Surprise", "#56b4e9"),
        Label("neutral", "Neutral", "#7f7f7f"),
    ),
    finds_faces=True,
)

TASKS: dict[str, Task] = {EMOTION.name: EMOTION}

PALETTE: tuple[str, ...] = tuple(label.colour for label in EMOTION.labels)


def task_for(name: str, labels: Sequence[str]) -> Task:
    """The known task of this name, or a new one for any other set of classes.

    Args:
        name: name of the task, as a model card gives it.
        labels: the classes' keys in the order of the model's outputs.

    Raises:
        ModelError: the name is that of a known task, but the classes are not its own.
    """
    known = TASKS.get(name)
    if known is None:
        colours = (PALETTE[i % len(PALETTE)] for i in range(len(labels)))
        pairs = zip(labels, colours, strict=True)
        made = tuple(Label(key, key.replace("_", " ").title(), c) for key, c in pairs)
        return Task(name, made, finds_faces=False)
    if tuple(labels) != known.keys:
        raise ModelError(
            f"task {name!r} has the classes {', '.join(known.keys)}, but the model has "
            f"{', '.join(labels)}; export it again under another task name"
        )
    return known


def text_colour(background: str) -> str:
    """Black or white, whichever has the higher WCAG 2.1 contrast on a colour.

    Args:
        background: `#rrggbb`.

    Returns:
        `#000000` or `#ffffff`.
    """
    luminance = _relative_luminance(background)
    return "#000000" if (luminance + 0.05) ** 2 > 1.05 * 0.05 else "#ffffff"


def channels_of(colour: str) -> tuple[int, int, int]:
    """Red, green and blue, 0..255, of `#rrggbb`."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _relative_luminance(colour: str) -> float:
    channels = (value / 255 for value in channels_of(colour))
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
