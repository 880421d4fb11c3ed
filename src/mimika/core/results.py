"""What an analysis of a picture answers.

One definition for the Python API, the command line's JSON, the processing service and
its client.
"""

import math
from typing import Annotated, Literal, NamedTuple

from pydantic import Field, PrivateAttr

from mimika.core.card import Frozen
from mimika.core.preprocess import UInt8Array

FacesMode = Literal["find", "whole"]
Detail = Literal["fast", "fine"]
FaceWarning = Literal["small", "blurred", "turned"]

# what a person is told; see `runtime.quality` for when
WARNINGS: dict[FaceWarning, str] = {
    "small": "The face is so small that the answer means little.",
    "blurred": "The face is so blurred that the answer means little.",
    "turned": "The face is turned so far away that the answer means little.",
}


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


class Point(NamedTuple):
    """A place in pixels of the upright original picture; may lie outside of it.

    Attributes:
        x: from its left edge.
        y: from its upper edge.
    """

    x: int
    y: int


class Landmarks(Frozen):
    """Where the parts of a face are; right and left are the person's own.

    Attributes:
        right_eye: centre of the right eye.
        left_eye: centre of the left eye.
        nose: its tip.
        right_mouth: right corner of the mouth.
        left_mouth: left corner of the mouth.
    """

    right_eye: Point
    left_eye: Point
    nose: Point
    right_mouth: Point
    left_mouth: Point


class Face(Frozen):
    """One classified region of a picture.

    Attributes:
        box: where it is, inside the picture.
        score: the detector's score in 0..1; 1 where the whole picture was taken.
        label: key of the most probable class.
        probability: its probability.
        probabilities: probability by class key, in the task's order; they sum to 1.
        landmarks: eyes, nose and mouth; None where the whole picture was taken.
        tilt_degrees: how far the head leans to the right as seen, -179 to 180; a head
            that leans far is straightened before it is classified.
        warnings: why the answer may mean little; keys of `WARNINGS`.
    """

    box: Box
    score: float = Field(ge=0, le=1)
    label: str
    probability: float = Field(ge=0, le=1)
    probabilities: dict[str, Annotated[float, Field(ge=0, le=1)]]
    landmarks: Landmarks | None = None
    tilt_degrees: int = Field(default=0, gt=-180, le=180)
    warnings: tuple[FaceWarning, ...] = ()
    _crop: UInt8Array | None = PrivateAttr(default=None)

    def __eq__(self, other: object) -> bool:
        """Whether all fields are equal; the kept crop does not count."""
        return isinstance(other, Face) and dict(self) == dict(other)

    __hash__ = None  # type: ignore[assignment]  # as without `__eq__`: it holds a dict

    @property
    def crop(self) -> UInt8Array | None:
        """What was classified, uint8 (S, S, 3), RGB; None in an answer read from JSON.

        S is the size of the model's input.
        """
        return self._crop

    def with_crop(self, crop: UInt8Array) -> "Face":
        """The same face, which also keeps what was classified."""
        self._crop = crop
        return self

    @property
    def size_px(self) -> int:
        """Side of a square with the box's area, in pixels of the original."""
        return round(math.sqrt(self.box.w * self.box.h))

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
