"""The model card: what a model is, where it comes from and what it is not for.

After Mitchell et al., "Model Cards for Model Reporting" (2019). It is embedded as JSON
in the metadata of the ONNX file, so that a model and its facts cannot be separated.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mimika.core.errors import ModelError
from mimika.core.preprocess import PreprocessSpec
from mimika.core.tasks import Task, task_for

CARD_KEY = "mimika_card"


class Frozen(BaseModel):
    """A value that cannot be changed and refuses fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Metric(Frozen):
    """A measured figure with its 95 % interval.

    Attributes:
        value: the figure, a fraction in 0..1.
        low: lower end of the 95 % interval.
        high: upper end of the 95 % interval.
        split: what it was measured on.
        images: how many pictures that are.
    """

    value: float
    low: float
    high: float
    split: str
    images: int


class ModelCard(Frozen):
    """Facts about a model.

    Attributes:
        name: short name of the model.
        task: name of the task, a key of `core.tasks.TASKS` or any other name.
        labels: keys of the classes, in the order of the outputs.
        preprocess: how its input is made.
        architecture: the network, in words.
        parameters: number of trained values.
        multiply_adds: multiply-adds for one picture.
        training_data: what it was trained on.
        selection: the rule by which the checkpoint was chosen.
        recipe: the command or file that trained it.
        seed: seed of that training.
        metrics: measured figures by name.
        temperature: divides the logits before the softmax.
        calibrated_on: which pictures the temperature was fitted on; empty for none, or
            where it is not known.
        intended_use: what it is for.
        limits: what it cannot do and must not be used for.
        licence: SPDX identifier of the weights' licence.
        digest: SHA-256 of the weights (names, shapes, values, by name).
        created: date on which this card was written, ISO 8601.
        mimika_version: version of the package that wrote it.
        schema_version: version of this card's form.
    """

    name: str
    task: str
    labels: tuple[str, ...] = Field(min_length=2)
    preprocess: PreprocessSpec
    architecture: str
    parameters: int
    multiply_adds: int
    training_data: str
    selection: str
    recipe: str
    seed: int
    metrics: dict[str, Metric] = {}
    temperature: float = Field(default=1.0, gt=0)
    calibrated_on: str = ""
    intended_use: str
    limits: str
    licence: str
    digest: str
    created: str
    mimika_version: str
    schema_version: Literal[1] = 1

    def resolve_task(self) -> Task:
        """The task with its display names and colours.

        Raises:
            ModelError: the card's classes are not those of the task it names.
        """
        return task_for(self.task, self.labels)


def parse_card(text: str, origin: str) -> ModelCard:
    """Reads a card from its JSON.

    Args:
        text: the JSON.
        origin: where it was found, for the message.

    Raises:
        ModelError: it is not a card; the message names the first wrong field.
    """
    try:
        return ModelCard.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the whole text"
        raise ModelError(
            f"{origin}: not a model card of this version of mimika: {where}: "
            f"{first['msg']}; export the model again with 'mimika export'"
        ) from error
