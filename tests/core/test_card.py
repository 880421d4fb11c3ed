import json

import pytest
from pydantic import ValidationError

from mimika.core.card import Metric, ModelCard, parse_card
from mimika.core.errors import ModelError
from mimika.core.preprocess import PreprocessSpec
from mimika.core.tasks import EMOTION


@pytest.fixture
def card() -> ModelCard:
    return ModelCard(
        name="first",
        task="emotion",
        labels=EMOTION.keys,
        preprocess=PreprocessSpec(size=48, channels=1, mean=(0.5,), std=(0.25,)),
        architecture="a small net",
        parameters=1_000_000,
        multiply_adds=50_000_000,
        training_data="drawn circles",
        selection="best accuracy on PublicTest",
        recipe="mimika train experiments/first.toml",
        seed=1,
        metrics={
            "accuracy": Metric(
                value=0.65, low=0.63, high=0.67, split="PublicTest", images=3589
            )
        },
        temperature=1.25,
        intended_use="tests",
        limits="everything else",
        licence="MIT",
        digest="0" * 64,
        created="2026-11-01",
        mimika_version="0.1.0",
    )


def test_a_card_survives_json(card: ModelCard) -> None:
    assert parse_card(card.model_dump_json(), "a.onnx") == card


def test_a_card_cannot_be_changed(card: ModelCard) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        card.name = "other"  # type: ignore[misc]  # that it is refused is the point


def test_a_card_knows_its_task(card: ModelCard) -> None:
    assert card.resolve_task() is EMOTION
    reversed_labels = card.model_copy(update={"labels": EMOTION.keys[::-1]})
    with pytest.raises(ModelError, match="the model has neutral, surprise"):
        reversed_labels.resolve_task()


def test_temperature_and_metrics_may_be_left_out(card: ModelCard) -> None:
    fields = card.model_dump(exclude={"temperature", "metrics", "schema_version"})
    read = parse_card(json.dumps(fields), "a.onnx")
    assert (read.temperature, read.metrics, read.schema_version) == (1.0, {}, 1)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"colour": "red"}, "colour: Extra inputs are not permitted"),
        ({"temperature": 0}, "temperature: Input should be greater than 0"),
        ({"labels": ["one"]}, "labels: Tuple should have at least 2 items"),
        ({"schema_version": 2}, "schema_version: Input should be 1"),
        ({"parameters": "many"}, "parameters: Input should be a valid integer"),
        ({"preprocess": {"size": 48}}, "preprocess.channels: Field required"),
    ],
)
def test_a_wrong_field_is_named_with_its_file_and_the_next_step(
    card: ModelCard, changed: dict[str, object], message: str
) -> None:
    text = json.dumps({**json.loads(card.model_dump_json()), **changed})
    with pytest.raises(ModelError) as caught:
        parse_card(text, "a.onnx")
    assert str(caught.value).startswith("a.onnx: not a model card of this version")
    assert message in str(caught.value)
    assert "export the model again with 'mimika export'" in str(caught.value)


@pytest.mark.parametrize("field", ["name", "labels", "digest", "licence", "limits"])
def test_a_missing_field_is_named(card: ModelCard, field: str) -> None:
    with pytest.raises(ModelError, match=f"{field}: Field required"):
        parse_card(card.model_dump_json(exclude={field}), "a.onnx")


@pytest.mark.parametrize("text", ["", "hello", "[]", "null", "{"])
def test_what_is_no_card_at_all_is_refused(text: str) -> None:
    with pytest.raises(ModelError, match=r"a\.onnx: not a model card"):
        parse_card(text, "a.onnx")
