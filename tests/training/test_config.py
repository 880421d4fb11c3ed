"""Experiments: values, what follows from them, phases."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from mimika.core.errors import ConfigError
from mimika.training.config import Experiment

MINIMAL = {
    "name": "a",
    "data": "x.csv",
    "backbone": "b",
    "epochs": 9,
    "learning_rate": 0.1,
}


def experiment(**changes):
    return Experiment.model_validate(MINIMAL | changes)


def test_defaults_are_those_of_a_plain_run_from_scratch():
    found = experiment()
    assert (found.strategy, found.optimizer, found.schedule) == (
        "scratch",
        "sgd",
        "cosine",
    )
    assert (found.loss, found.metric, found.head) == (
        "cross-entropy",
        "accuracy",
        "linear",
    )
    off = ("sam", "clip_norm", "ema", "mixup", "cutmix", "stop_epochs", "switch_epoch")
    assert [getattr(found, key) for key in off] == [0] * len(off)
    assert found.dropout is None


def test_every_key_is_explained():
    explained = Experiment.__doc__.partition("Attributes:")[2]
    lines = [x.strip().partition(":")[0] for x in explained.splitlines()]
    assert [x for x in lines if x in Experiment.model_fields] == list(
        Experiment.model_fields
    )


def test_an_experiment_cannot_be_changed():
    with pytest.raises(ValidationError, match="frozen"):
        experiment().epochs = 4


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("name", ""),
        ("name", ".hidden"),
        ("name", "a/b"),
        ("name", "a" * 65),
        ("strategy", "other"),
        ("head", "deep"),
        ("dropout", 1.0),
        ("drop_path", -0.1),
        ("size", 15),
        ("size", 513),
        ("channels", 2),
        ("seed", -1),
        ("seed", 2**31),
        ("epochs", 0),
        ("epochs", 2.5),
        ("batch_size", 1),
        ("optimizer", "adam"),
        ("learning_rate", 0),
        ("layer_decay", 0),
        ("layer_decay", 1.1),
        ("unfreeze_epochs", -1),
        ("schedule", "linear"),
        ("warmup_epochs", -1),
        ("step_epochs", 0),
        ("patience_epochs", 0),
        ("rate_factor", 1),
        ("momentum", 1),
        ("weight_decay", -1),
        ("sam", -1),
        ("clip_norm", -1),
        ("ema", 1),
        ("stop_epochs", -1),
        ("loss", "mse"),
        ("focal_gamma", -1),
        ("balance", "none"),
        ("balance", []),
        ("balance", [1.0, 0.0]),
        ("balance", [1.0, "2"]),
        ("label_smoothing", 1),
        ("votes_share", 1.1),
        ("teachers_share", -0.1),
        ("teachers_temperature", 0),
        ("mixup", -1),
        ("cutmix", -1),
        ("metric", "f1"),
        ("switch_loss", "mse"),
        ("precision", "64-true"),
        ("accelerator", "tpu"),
        ("holdout", 0),
        ("holdout", 1),
        ("learning_rate", float("nan")),
        ("clip_norm", float("inf")),
    ],
)
def test_values_out_of_range_are_refused(key, value):
    with pytest.raises(ValidationError) as caught:
        experiment(**{key: value})
    assert [error["loc"][0] for error in caught.value.errors()] == [key]


@pytest.mark.parametrize(
    ("size", "doublings", "given"), [(96, 1, 48), (192, 2, 48), (384, 3, 48)]
)
def test_a_learned_upscaler_doubles_what_preprocessing_makes(size, doublings, given):
    found = experiment(upscaling="learned:runs/up.pt", size=size)
    assert found.upscaler_file == Path("runs/up.pt")
    assert (found.doublings, found.input_size) == (doublings, given)
    assert found.interpolation == "bilinear"


def test_without_one_preprocessing_does_it_all():
    found = experiment(upscaling="lanczos", size=96)
    assert found.upscaler_file is None
    assert (found.doublings, found.input_size) == (0, 96)
    assert found.interpolation == "lanczos"


def test_the_second_phase_has_its_own_loss_and_metric():
    found = experiment(
        loss="focal", switch_epoch=4, switch_loss="balanced", switch_metric="loss"
    )
    assert [found.is_second_phase(epoch) for epoch in (3, 4, 5)] == [False, True, True]
    assert [found.loss_of(epoch) for epoch in (3, 4, 9)] == [
        "focal",
        "balanced",
        "balanced",
    ]
    assert [found.metric_of(epoch) for epoch in (3, 4)] == ["accuracy", "loss"]


def test_what_is_not_switched_stays():
    found = experiment(metric="macro-f1", switch_epoch=2, switch_loss="focal")
    assert {found.metric_of(epoch) for epoch in range(1, 10)} == {"macro-f1"}


def test_without_a_switch_there_is_one_phase():
    found = experiment(loss="balanced")
    assert not any(found.is_second_phase(epoch) for epoch in range(1, 10))
    assert {found.loss_of(epoch) for epoch in range(1, 10)} == {"balanced"}


@pytest.mark.parametrize(
    ("changes", "mirrors"),
    [({}, True), ({"flip": False}, False), ({"augmentation": "none"}, False)],
)
def test_features_are_mirrored_where_pictures_would_be(changes, mirrors):
    found = experiment(strategy="features", weights="hub", **changes)
    assert found.mirrors_features == mirrors


def test_a_policy_is_kept_with_every_parameter():
    found = experiment(
        augmentation=[
            {"name": "RandomGamma", "gamma_limit": [90, 110]},
            {"name": "Affine"},
        ]
    )
    gamma, affine = found.augmentation
    assert gamma == {"name": "RandomGamma", "p": 0.5, "gamma_limit": [90.0, 110.0]}
    assert affine["p"] == 0.5
    assert affine["rotate"] == [0.0, 0.0]
    again = experiment(augmentation=found.augmentation)
    assert again == found


@pytest.mark.parametrize("policy", [3, {"name": "Affine"}, True])
def test_what_is_no_policy_at_all_is_refused(policy):
    with pytest.raises(ConfigError, match=r"expected one of none, .* or a list"):
        experiment(augmentation=policy)
