"""What an analysis of a picture answers.

One definition for the Python API, the command line's JSON, the processing service and
its client.
"""

from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from mimika.core.card import Frozen

FacesMode = Literal["find", "whole"]
Detail = Literal["fast", "fine"]


class Box(NamedTuple):
    """A rectangle in pixels of the upright original picture.

    Attributes:
        x: left edge.
        y: upper edge.
        w: width.
        h: height.
    """

    x: int
    y: int
    w: int
    h: int


class Face(Frozen):
    """One classified region of a picture.

    Attributes:
        box: where it is, inside the picture.
        score: the detector's score in 0..1; 1 where the whole picture was taken.
        label: key of the most probable class.
        probability: its probability.
        probabilities: probability by class key, in the task's order; they sum to 1.
    """

    box: Box
    score: float = Field(ge=0, le=1)
    label: str
    probability: float = Field(ge=0, le=1)
    probabilities: dict[str, Annotated[float, Field(ge=0, le=1)]]

    @property
    def emotion(self) -> str:
        """The label's key, under the name it has for the emotion task."""
        return self.label


class Analysis(Frozen):
    """The answer for one picture.

    Attributes:
        width: width of the upright original in pixels.
        height: height of the upright original in pixels.
        faces: from left to right, then from top to bottom; empty where none was found.
        faces_mode: `find` where faces were looked for, `whole` where the whole picture
            was taken as one.
        detail: how carefully faces were looked for.
        task: name of the task.
        model: name of the model.
        model_digest: digest of the model's weights.
    """

    width: int
    height: int
    faces: tuple[Face, ...]
    faces_mode: FacesMode
    detail: Detail
    task: str
    model: str
    model_digest: str

    @property
    def message(self) -> str:
        """One sentence for people on how many faces were found."""
        if self.faces_mode == "whole":
            return "The whole picture was classified."
        if not self.faces:
            return "No face was found in this picture."
        return f"{len(self.faces)} face{'s' * (len(self.faces) > 1)} found."
