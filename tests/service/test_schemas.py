from collections.abc import Callable

from mimika.core.card import Metric, ModelCard
from mimika.service.schemas import ModelInfo, model_info

LATER = {
    "architecture",
    "parameters",
    "training_data",
    "selection",
    "temperature",
    "calibrated_on",
}


def test_the_public_part_of_a_card_says_where_the_model_comes_from(
    make_card: Callable[..., ModelCard],
) -> None:
    measured = Metric(value=0.7, low=0.6, high=0.8, split="PublicTest", images=9)
    card = make_card(
        architecture="three layers",
        training_data="nine pictures",
        temperature=1.5,
        calibrated_on="PublicTest",
        metrics={"accuracy": measured},
    )
    info = model_info(card)
    for name in LATER | {"name", "task", "digest", "licence", "limits", "metrics"}:
        assert getattr(info, name) == getattr(card, name), name
    assert [label.key for label in info.labels] == list(card.labels)


def test_the_answer_of_an_older_service_can_still_be_read(model: ModelInfo) -> None:
    old = model.model_dump(mode="json", exclude=LATER)
    assert ModelInfo.model_validate(old).temperature == 1.0
    assert ModelInfo.model_validate(old).architecture == ""
