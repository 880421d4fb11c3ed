"""Policies as experiment files give them."""

import tomllib

import numpy as np
import pytest

from mimika.augmentation.named import NAMED
from mimika.augmentation.policies import augment_one, parse_policy, read_policy
from mimika.augmentation.transforms import ALLOWED
from mimika.core.errors import ConfigError

WRITTEN = """
augmentation = [
  {name = "HorizontalFlip", p = 0.5},
  {name = "Affine", rotate = [-12, 12], p = 0.8},
  {name = "ImageCompression", quality_range = [40, 80.0]},
]
"""


def refusal(value):
    with pytest.raises(ConfigError) as caught:
        parse_policy(value)
    return str(caught.value)


def test_a_policy_is_written_out_name_by_name():
    policy = parse_policy(tomllib.loads(WRITTEN)["augmentation"])
    assert policy.name == "custom"
    flip, affine, compression = policy.steps
    assert (flip.name, flip.p, flip.ranges) == ("HorizontalFlip", 0.5, ())
    assert affine.p == 0.8
    assert dict(affine.ranges) == {
        "rotate": (-12, 12),
        "scale": (1, 1),
        "translate_percent": (0, 0),
        "shear": (0, 0),
    }
    assert compression.p == 0.5
    assert all(isinstance(value, int) for value in compression.pair("quality_range"))


def test_an_empty_list_changes_nothing(face):
    assert np.array_equal(augment_one(parse_policy([]), face, 0, 0, 0), face)


@pytest.mark.parametrize("name", NAMED)
def test_what_is_written_is_read_back(name):
    policy = parse_policy(name)
    assert policy.name == name
    assert parse_policy(policy.to_data()).steps == policy.steps
    read = tomllib.loads(f"augmentation = {policy.to_toml()}")["augmentation"]
    assert read == policy.to_data()


def test_an_unknown_policy_is_answered_with_all_names():
    message = refusal("strong")
    assert "'strong'" in message
    assert "none, flips, simple, rich" in message
    assert tomllib.loads(f"a = {message.split('such as ')[1]}")


@pytest.mark.parametrize("name", ["ElasticTransform", "horizontalflip", "", 3])
def test_an_unknown_transform_is_answered_with_all_names(name):
    message = refusal([{"name": "HorizontalFlip"}, {"name": name}])
    assert "transform 2: no transform" in message
    assert all(known in message for known in ALLOWED)


def test_a_transform_without_a_name_is_refused():
    assert "transform 1: no name" in refusal([{"p": 0.5}])


def test_an_unknown_parameter_is_answered_with_the_transforms_own():
    message = refusal([{"name": "Affine", "rotation": [-10, 10]}])
    assert "(Affine): no parameter 'rotation'" in message
    assert "p, rotate, scale, translate_percent, shear" in message


@pytest.mark.parametrize(
    "parameter", ["fill", "interpolation", "always_apply", "strict"]
)
def test_what_albumentations_would_take_but_we_do_not_is_refused(parameter):
    assert f"no parameter {parameter!r}" in refusal(
        [{"name": "CoarseDropout", parameter: 1}]
    )


@pytest.mark.parametrize(
    "rotate",
    [
        [12, -12],
        [-60, 60],
        12,
        [12],
        [-1, 0, 1],
        ["-12", "12"],
        [False, True],
        [float("nan"), 1],
        [0, float("inf")],
        None,
        "wide",
    ],
)
def test_an_impossible_range_is_refused_with_what_is_expected(rotate):
    message = refusal([{"name": "Affine", "rotate": rotate}])
    assert "(Affine): rotate = " in message
    assert "two numbers [low, high] with -45 <= low <= high <= 45" in message


@pytest.mark.parametrize("holes", [[1, 2.5], [0, 2], [1, 100]])
def test_holes_are_counted_in_whole_numbers(holes):
    message = refusal([{"name": "CoarseDropout", "num_holes_range": holes}])
    assert "two whole numbers" in message


@pytest.mark.parametrize("p", [-0.1, 1.1, "half", True, float("nan"), [0, 1], None])
def test_a_probability_lies_between_0_and_1(p):
    assert "p = " in refusal([{"name": "HorizontalFlip", "p": p}])


@pytest.mark.parametrize("value", [None, 3, True, {"name": "Affine"}, b"none"])
def test_anything_else_than_a_name_or_a_list_is_refused(value):
    assert "expected one of none, flips" in refusal(value)


@pytest.mark.parametrize("table", ["HorizontalFlip", ["HorizontalFlip"], 3])
def test_a_transform_that_is_no_table_is_refused(table):
    assert "expected a table such as {name" in refusal([table])


@pytest.mark.parametrize("name", ALLOWED)
def test_every_transform_can_be_named_by_its_name_alone(name, face):
    policy = parse_policy([{"name": name, "p": 1}])
    changed = augment_one(policy, face, seed=1, epoch=0, row=0)
    assert changed.shape == face.shape


def test_a_policy_is_read_from_a_file(tmp_path):
    path = tmp_path / "experiment.toml"
    path.write_text('name = "a"\n' + WRITTEN)
    policy = read_policy(str(path))
    assert policy.steps[0].name == "HorizontalFlip"
    path.write_text('augmentation = "flips"')
    assert read_policy(str(path)) == parse_policy("flips")
    assert read_policy("flips") == parse_policy("flips")


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("augmentation = ", "cannot be read as a TOML file"),
        ("flip = true", "no key 'augmentation' in it, but flip"),
        ("augmentation = 'x'", "no policy 'x'"),
    ],
)
def test_a_wrong_file_is_named_with_the_cause(tmp_path, text, cause):
    path = tmp_path / "experiment.toml"
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        read_policy(str(path))
    assert str(caught.value).startswith(str(path))
    assert cause in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"none\.toml: cannot be read"):
        read_policy(str(tmp_path / "none.toml"))
    with pytest.raises(ConfigError, match="no policy 'simpel'"):
        read_policy("simpel")
