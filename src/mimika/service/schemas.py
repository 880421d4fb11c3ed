"""What travels over HTTP besides the analysis itself.

Only pydantic and `core` are imported here, so that clients may use these values
without installing the server.
"""

from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, Json

from mimika.core.card import Frozen, Metric, ModelCard
from mimika.core.results import Box, Detail, Face, FacesMode, Landmarks

KEY_HEADER, ADMIN_HEADER = "X-API-Key", "X-Admin-Key"
SMALLEST_SIDE, USUAL_SIDE, LARGEST_SIDE = 48, 192, 512


class LabelInfo(Frozen):
    """One class of a model.

    Attributes:
        key: the name used in `probabilities`.
        name: what people read.
        colour: `#rrggbb`.
    """

    key: str
    name: str
    colour: str


class ModelInfo(Frozen):
    """What a client needs to know of a model: the public part of its card.

    Attributes:
        name: the value for the option `model`.
        task: the value for the option `task`.
        finds_faces: whether faces are looked for before classifying.
        labels: the classes, in the order of the model's outputs.
        input_size: height and width of the network's input in pixels.
        input_channels: 1 (grey) or 3 (RGB).
        digest: SHA-256 of the weights.
        metrics: measured figures by name, with their 95 % intervals.
        intended_use: what it is for.
        limits: what it cannot do and must not be used for.
        licence: SPDX identifier of the weights' licence.
        created: date of the export, ISO 8601.
        architecture: the network, in words.
        parameters: number of trained values.
        training_data: what it was trained on.
        selection: the rule by which the checkpoint was chosen.
        temperature: divides the logits before the softmax.
        calibrated_on: which pictures the temperature was fitted on.
        is_default: whether it answers where nothing is asked for.
    """

    name: str
    task: str
    finds_faces: bool
    labels: tuple[LabelInfo, ...]
    input_size: int
    input_channels: int
    digest: str
    metrics: dict[str, Metric]
    intended_use: str
    limits: str
    licence: str
    created: str
    # with defaults, so that the answer of an older service can be read
    architecture: str = ""
    parameters: int = 0
    training_data: str = ""
    selection: str = ""
    temperature: float = 1.0
    calibrated_on: str = ""
    is_default: bool = False


class ModelList(Frozen):
    """The answer of `GET /v1/models`.

    Attributes:
        models: what the service offers.
    """

    models: tuple[ModelInfo, ...]


class AnalyzeOptions(Frozen):
    """The options of `POST /v1/analyze`, as form fields or in the query.

    Attributes:
        faces: `find` looks for faces, `whole` takes the whole picture as one.
        detail: how carefully faces are looked for.
        task: which task is wanted; the default model of those that answer it.
        model: the name of the model that is wanted.
    """

    kind: ClassVar[str] = "analyze"
    hint: ClassVar[str] = (
        "the options are faces=find|whole, detail=fast|fine, task and model"
    )

    faces: FacesMode = "find"
    detail: Detail = "fine"
    task: str | None = None
    model: str | None = None


class FaceToExplain(BaseModel):
    """What has to be known of a face of a former answer; its other fields may stay.

    Attributes:
        box: where it is, inside the picture.
        label: key of the class that is to be explained.
        landmarks: as they were; null where the whole picture was taken.
        tilt_degrees: as it was.
    """

    model_config = ConfigDict(frozen=True, strict=True)

    box: Box
    label: str
    landmarks: Landmarks | None
    tilt_degrees: int = Field(gt=-180, le=180)

    def to_face(self) -> Face:
        """A face for the runtime; what no explanation depends on is made up."""
        return Face(
            box=self.box,
            score=1.0,
            label=self.label,
            probability=1.0,
            probabilities={self.label: 1.0},
            landmarks=self.landmarks,
            tilt_degrees=self.tilt_degrees,
        )


class ExplainOptions(Frozen):
    """The options of `POST /v1/explain`, as form fields or in the query.

    Attributes:
        face: a face of a former answer about this picture, as JSON.
        side: height and width of the answer in pixels.
        model: the name of the model that gave it.
        digest: of that model's weights; another one is refused.
    """

    kind: ClassVar[str] = "explain"
    hint: ClassVar[str] = (
        "send as 'face' the JSON of one face that /v1/analyze found in this picture, "
        f"and a side of {SMALLEST_SIDE} to {LARGEST_SIDE}, or none"
    )

    face: Json[FaceToExplain]
    side: int = Field(default=USUAL_SIDE, ge=SMALLEST_SIDE, le=LARGEST_SIDE)
    model: str | None = None
    digest: str | None = None


class AddModelOptions(Frozen):
    """The options of `POST /v1/models`, as form fields or in the query.

    Attributes:
        name: under which it is to be offered: small letters, digits, `-` and `_`.
        replace: whether a model of that name may be replaced.
    """

    kind: ClassVar[str] = "add-model"
    hint: ClassVar[str] = "send as 'name' what to call it, and perhaps replace=true"

    name: str
    replace: bool = False


Options = AnalyzeOptions | ExplainOptions | AddModelOptions
OPTIONS: dict[str, type[Options]] = {
    kind.kind: kind for kind in (AnalyzeOptions, ExplainOptions, AddModelOptions)
}


class Health(Frozen):
    """The answer of `GET /livez` and of a ready `GET /readyz`.

    Attributes:
        status: always the same; anything else is a problem.
    """

    status: Literal["ok"] = "ok"


class Problem(BaseModel):
    """An error, after RFC 9457 (problem details for HTTP).

    Unknown members are ignored, as the RFC asks of clients.

    Attributes:
        type: a URN that names the kind of error, or `about:blank`.
        title: the same for people; does not change from case to case.
        status: the HTTP status code.
        detail: what happened this time, and what to do next.
        request_id: what to look for in the service's log.
    """

    model_config = ConfigDict(frozen=True)

    type: str = "about:blank"
    title: str
    status: int
    detail: str = ""
    request_id: str = ""


def model_info(card: ModelCard, *, is_default: bool = False) -> ModelInfo:
    """The public part of a card.

    Args:
        card: whose `name` is that under which it is offered.
        is_default: whether it answers where nothing is asked for.

    Raises:
        ModelError: the card's classes are not those of the task it names.
    """
    task = card.resolve_task()
    labels = (LabelInfo(key=x.key, name=x.name, colour=x.colour) for x in task.labels)
    return ModelInfo(
        name=card.name,
        task=card.task,
        finds_faces=task.finds_faces,
        labels=tuple(labels),
        input_size=card.preprocess.size,
        input_channels=card.preprocess.channels,
        digest=card.digest,
        metrics=card.metrics,
        intended_use=card.intended_use,
        limits=card.limits,
        licence=card.licence,
        created=card.created,
        architecture=card.architecture,
        parameters=card.parameters,
        training_data=card.training_data,
        selection=card.selection,
        temperature=card.temperature,
        calibrated_on=card.calibrated_on,
        is_default=is_default,
    )
