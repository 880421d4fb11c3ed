"""From an answer to what a page shows: names, colours and percentages."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from mimika.core.results import WARNINGS, Analysis, Box, Face
from mimika.core.tasks import EMOTION, TASKS, Task, task_for
from mimika.reporting.annotate import Mark

# The probabilities are calibrated (expected calibration error about 0.02): of the
# answers with 80 %, about 80 % are right. So the words may follow the number alone.
SURE_FROM = 0.8
LIKELY_FROM = 0.5
BEYOND_CHANCE = 1.5  # of two classes, one always has 50 %


@dataclass(frozen=True)
class Bar:
    """One class of a face.

    Attributes:
        name: what people read.
        colour: `#rrggbb`.
        width: length of the bar in 0..100, as SVG wants it.
        percent: the probability for people.
        top: whether it is the most probable class.
    """

    name: str
    colour: str
    width: str
    percent: str
    top: bool


@dataclass(frozen=True)
class FaceView:
    """One face of a result.

    Attributes:
        number: counted from 1, as on the picture.
        what: what it is called: `Face 2`, or `The picture` where all of it was taken
            by a model that is not about faces.
        box: where it is, in pixels of the kept picture.
        key: of the most probable class.
        name: its display name.
        colour: its colour.
        percent: its probability for people.
        certainty: how far the answer can be relied on, in a word.
        bars: all classes in the task's order.
        warnings: sentences on why the answer may mean little.
    """

    number: int
    what: str
    box: Box
    key: str
    name: str
    colour: str
    percent: str
    certainty: str
    bars: tuple[Bar, ...]
    warnings: tuple[str, ...]

    @property
    def caption(self) -> str:
        """What is written at the box."""
        return f"{self.name} {self.percent}"


def face_views(answer: Analysis) -> list[FaceView]:
    """The faces of an answer in its order."""
    is_face = about_faces(answer)
    return [
        _face_view(
            number,
            face,
            _task(answer.task, face),
            f"Face {number}" if is_face else "The picture",
        )
        for number, face in enumerate(answer.faces, start=1)
    ]


def about_faces(answer: Analysis) -> bool:
    """Whether an answer is about faces, and not about whole pictures."""
    known = TASKS.get(answer.task)
    return known is not None and known.finds_faces


def classes_of(answer: Analysis) -> list[tuple[str, str]]:
    """Keys and names of the classes of an answer's task."""
    if not answer.faces:
        task = TASKS.get(answer.task, EMOTION)
    else:
        task = _task(answer.task, answer.faces[0])
    return [(label.key, label.name) for label in task.labels]


def marks_of(answer: Analysis) -> list[Mark]:
    """The boxes to draw, numbered where there are several; none but for faces."""
    if not about_faces(answer):
        return []
    several = len(answer.faces) > 1
    return [
        Mark(
            box=view.box,
            text=f"{view.number} {view.caption}" if several else view.caption,
            colour=view.colour,
        )
        for view in face_views(answer)
    ]


def summary(labels: Iterable[str]) -> str:
    """A few words for a list: the commonest classes, or that there is no face.

    Args:
        labels: key of the most probable class of each face.
    """
    counts = Counter(name_of(label) for label in labels)
    if not counts:
        return "No face found"
    shown = counts.most_common(3)
    words = ", ".join(f"{name} ({n})" if n > 1 else name for name, n in shown)
    left = counts.total() - sum(n for _, n in shown)
    return f"{words} and {left} more" if left else words


def name_of(key: str) -> str:
    """The display name of a class of the emotion task; of others their key in words."""
    known = {label.key: label.name for label in EMOTION.labels}
    return known.get(key, key.replace("_", " ").title())


def percent(probability: float) -> str:
    """A probability for people: whole percents, and never 0 % or 100 % when it is not.

    Args:
        probability: 0..1.
    """
    if 0 < probability < 0.005:
        return "< 1 %"
    if 0.995 <= probability < 1:
        return "> 99 %"
    return f"{100 * probability:.0f} %"


def likely_from(classes: int) -> float:
    """The probability from which an answer is likely.

    Args:
        classes: of how many; of two it is 0.75, of more 0.5.
    """
    return max(LIKELY_FROM, BEYOND_CHANCE / classes)


def certainty(probability: float, classes: int) -> str:
    """How sure an answer is, in one word.

    It follows the whole percents that are shown: 80 % is always `sure`.

    Args:
        probability: that of the most probable class, 0..1.
        classes: how many there are.

    Returns:
        `sure`, `likely` or `unsure`.
    """
    shown = round(100 * probability) / 100
    if shown >= SURE_FROM:
        return "sure"
    return "likely" if shown >= likely_from(classes) else "unsure"


def certainty_of(face: Face) -> str:
    """How sure the answer about a face is, in one word."""
    return certainty(face.probability, len(face.probabilities))


def _task(name: str, face: Face) -> Task:
    """The task of a stored answer.

    A known task gives the order of the classes, because a database may store the keys
    of JSON objects in an order of its own.
    """
    known = TASKS.get(name)
    if known is not None and set(known.keys) == set(face.probabilities):
        return known
    return task_for(f"{name} (stored)", sorted(face.probabilities))


def _face_view(number: int, face: Face, task: Task, what: str) -> FaceView:
    bars = tuple(
        Bar(
            name=label.name,
            colour=label.colour,
            width=f"{100 * face.probabilities[label.key]:.2f}",
            percent=percent(face.probabilities[label.key]),
            top=label.key == face.label,
        )
        for label in task.labels
    )
    top = task.label(face.label)
    return FaceView(
        number=number,
        what=what,
        box=face.box,
        key=top.key,
        name=top.name,
        colour=top.colour,
        percent=percent(face.probability),
        certainty=certainty_of(face),
        bars=bars,
        warnings=tuple(WARNINGS[warning] for warning in face.warnings),
    )
