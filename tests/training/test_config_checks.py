"""What keys demand of each other; every message names them."""

import re

import pytest
from pydantic import ValidationError

from mimika.core.errors import ConfigError
from mimika.training.config import Experiment
from mimika.training.config_checks import (
    BACKBONE_KEYS,
    RANGE_KEYS,
    check_augmentation,
    check_strategy,
    check_switch,
    check_together,
    check_upscaling,
)

MINIMAL = {
    "name": "a",
    "data": "x.csv",
    "backbone": "b",
    "epochs": 9,
    "learning_rate": 0.1,
}
FEATURES = {"strategy": "features", "weights": "hub"}
PAIRS = {
    ("split_file", "a.json"): ("select_part", "fold-1"),
    ("select_part", "fold-1"): ("split_file", "a.json"),
    ("votes", "a.csv"): ("votes_share", 0.5),
    ("votes_share", 0.5): ("votes", "a.csv"),
    ("teachers", ("a.npz",)): ("teachers_share", 0.5),
    ("teachers_share", 0.5): ("teachers", ("a.npz",)),
}


def experiment(**changes):
    return Experiment.model_validate(MINIMAL | changes)


def refused(message, **changes):
    with pytest.raises(ValidationError, match=re.escape(message)):
        experiment(**changes)


@pytest.mark.parametrize("keys", [RANGE_KEYS, BACKBONE_KEYS])
def test_the_keys_that_checks_speak_of_exist(keys):
    assert keys <= Experiment.model_fields.keys()


@pytest.mark.parametrize("key", sorted(RANGE_KEYS))
@pytest.mark.parametrize("policy", ["simple", "none", ({"name": "HorizontalFlip"},)])
def test_ranges_beside_a_policy_are_refused_not_ignored(key, policy):
    with pytest.raises(ValueError, match=f"^{key} would not be used"):
        check_augmentation(policy, "cpu", {"augmentation", key})
    check_augmentation("ranges", "cpu", {key})


def test_all_ranges_beside_a_policy_are_named():
    refused("flip, zoom would not be used", augmentation="rich", zoom=0.1, flip=True)


def test_ranges_are_for_the_processor():
    refused('augmented_on = "device" needs a policy', augmented_on="device")
    assert experiment(augmented_on="device", augmentation="rich")


@pytest.mark.parametrize(
    ("policy", "message"),
    [
        ("simpel", "no policy 'simpel'; expected one of none, flips, simple, rich"),
        ([{"name": "Flip"}], "no transform 'Flip'; those that keep the label"),
        ([{"name": "Affine", "p": 2}], "p = 2; expected a probability"),
    ],
)
def test_policies_that_do_not_exist_are_refused_with_those_that_do(policy, message):
    with pytest.raises(ConfigError, match=re.escape(message)):
        experiment(augmentation=policy)


@pytest.mark.parametrize("upscaling", ["nearest", "bilinear", "bicubic", "lanczos"])
def test_ways_to_enlarge_go_with_any_size(upscaling):
    check_upscaling(upscaling, 100)


def test_an_unknown_way_to_enlarge_is_refused_with_those_that_exist():
    with pytest.raises(ValueError, match=r"'cubic': expected one of .*or learned:FILE"):
        check_upscaling("cubic", 96)


@pytest.mark.parametrize("size", [48, 64, 144, 512])
def test_sizes_that_no_doubling_reaches_are_refused(size):
    with pytest.raises(ValueError, match=f"size = {size}: .* one of 96, 192, 384"):
        check_upscaling("learned:up.pt", size)
    for reached in (96, 192, 384):
        check_upscaling("learned:up.pt", reached)


def test_weights_go_with_the_strategies_that_use_them():
    refused('weights would not be used by strategy = "scratch"', weights="hub")
    for strategy in ("fine-tune", "features"):
        refused(f'strategy = "{strategy}" needs weights', strategy=strategy)
        assert experiment(strategy=strategy, weights="hub")


@pytest.mark.parametrize("key", sorted((BACKBONE_KEYS | RANGE_KEYS) - {"flip"}))
def test_feature_extraction_refuses_what_it_would_not_use(key):
    with pytest.raises(ValueError, match=f"^{key} would not be used: only the class"):
        check_strategy("features", "hub", {key, "weights", "strategy"})
    check_strategy("fine-tune", "hub", {key, "weights", "strategy"})


def test_feature_extraction_mirrors_or_does_not():
    check_strategy("features", "hub", {"flip"})
    assert experiment(**FEATURES, flip=False).flip is False
    assert experiment(**FEATURES, augmentation="none").augmentation == "none"
    refused('its augmentation is "none"', **FEATURES, augmentation="simple")


@pytest.mark.parametrize("key", ["mixup", "cutmix"])
def test_feature_extraction_has_no_pictures_to_mix(key):
    refused("mixup and cutmix mix pictures", **FEATURES, **{key: 0.2})


@pytest.mark.parametrize(
    "given",
    [
        {"switch_epoch": 3},
        {"switch_loss": "focal"},
        {"switch_metric": "loss"},
        {"switch_teachers_share": 0.0},
        {"switch_epoch": 0, "switch_loss": "focal"},
    ],
)
def test_a_switch_needs_its_epoch_and_what_changes(given):
    refused("switch_epoch and what changes then", **given)


def test_a_teachers_share_of_the_second_phase_needs_teachers():
    refused(
        "switch_teachers_share and teachers belong together",
        switch_epoch=2,
        switch_teachers_share=0.5,
    )


@pytest.mark.parametrize("epoch", [1, 10])
def test_a_switch_lies_inside_the_run(epoch):
    with pytest.raises(ValueError, match=f"= {epoch}: expected an epoch from 2 to 9"):
        check_switch(epoch, 9, {"switch_epoch", "switch_loss"})
    for inside in (2, 9):
        check_switch(inside, 9, {"switch_epoch", "switch_metric"})
    check_switch(0, 9, {"switch_epoch"})


@pytest.mark.parametrize(("given", "missing"), PAIRS.items())
def test_keys_that_say_nothing_alone_are_refused_alone(given, missing):
    refused(f"{given[0]} and {missing[0]} belong together", **dict([given]))
    assert experiment(**dict([given, missing]))


def test_scaled_gradients_are_not_climbed():
    refused('sam and precision = "16-mixed"', sam=0.05, precision="16-mixed")
    assert experiment(sam=0.05, precision="bf16-mixed")
    assert experiment(precision="16-mixed")


def test_a_whole_experiment_of_defaults_fits_together():
    check_together(dict(experiment()))


def test_what_votes_stand_for_needs_votes():
    refused("votes_as says what votes stand for", votes_as="labels")
