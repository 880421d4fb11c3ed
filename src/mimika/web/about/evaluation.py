"""What `mimika evaluate --json` said about the model in the package.

The file lies beside the model, but is read as data of the whole package: the code
there loads the networks, and nothing of the web application may.
"""

from importlib.resources import files

from pydantic import BaseModel, ConfigDict

FILE = ("runtime", "weights", "emotion.evaluation.json")

Ends = tuple[float, float]


class ClassFigures(BaseModel):
    """Figures of one class.

    Attributes:
        precision: share of its predictions that are right.
        recall: share of its pictures that are found.
        f1: harmonic mean of both.
        images: number of its pictures.
    """

    model_config = ConfigDict(frozen=True)

    precision: float
    recall: float
    f1: float
    images: int


class Measured(BaseModel):
    """Figures on one set of pictures, each with the ends of its 95 % interval.

    Attributes:
        split: name of the set.
        images: how many pictures it has.
        accuracy: share of right answers.
        balanced_accuracy: mean recall of the classes.
        macro_f1: mean F1 of the classes.
        top2: share of pictures whose class is one of the two most probable.
    """

    model_config = ConfigDict(frozen=True)

    split: str
    images: int
    accuracy: float
    accuracy_95: Ends
    balanced_accuracy: float
    balanced_accuracy_95: Ends
    macro_f1: float
    macro_f1_95: Ends
    top2: float
    top2_95: Ends


class Evaluation(Measured):
    """What the page shows of an evaluation; the file says more.

    Attributes:
        model_digest: of the weights that were judged.
        notes: what flatters the figures.
        classes: figures by the key of the class.
        confusion: K rows of K counts; rows: true class, columns: answer, both in the
            order of `classes`.
        clean: the same on the pictures without a near-copy in Training.
    """

    model_digest: str
    notes: tuple[str, ...]
    classes: dict[str, ClassFigures]
    confusion: tuple[tuple[int, ...], ...]
    clean: Measured | None


def read_evaluation() -> Evaluation:
    """The file's content."""
    text = files("mimika").joinpath(*FILE).read_text(encoding="utf-8")
    return Evaluation.model_validate_json(text)


def evaluation_of(digest: str) -> Evaluation | None:
    """The evaluation of the model with these weights; None where it is of another.

    Args:
        digest: of the model that the service has.
    """
    evaluation = read_evaluation()
    return evaluation if evaluation.model_digest == digest else None
