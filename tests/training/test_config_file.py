"""Experiment files."""

import tomllib
from pathlib import Path

import pytest

from mimika.augmentation.policies import parse_policy
from mimika.core.errors import ConfigError
from mimika.training.config_file import (
    make_experiment,
    read_experiment,
    write_experiment,
)

MINIMAL = (
    'name = "a"\ndata = "x.csv"\nbackbone = "b"\nepochs = 3\nlearning_rate = 0.1\n'
)
RECIPES = Path(__file__).parents[2] / "experiments"
EXAMPLES = sorted([*RECIPES.glob("*.toml"), *RECIPES.glob("campaign/*.toml")])


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "a.toml"
    path.write_text(MINIMAL)
    return path


def test_defaults_fill_what_the_file_leaves_out(file):
    experiment = read_experiment(file)
    assert (experiment.epochs, experiment.batch_size) == (3, 128)


def test_set_changes_a_key_and_keeps_its_type(file):
    changed = read_experiment(
        file,
        [
            "epochs=5",
            "flip=false",
            "data=../b c.csv",
            'name="z"',
            " momentum = 0.5",
            'teachers=["a.npz", "b.npz"]',
            "teachers_share=1",
            "votes=a=b.csv",
            "votes_share=0.5",
        ],
    )
    assert changed.epochs == 5
    assert changed.flip is False
    assert changed.data == "../b c.csv"
    assert changed.name == "z"
    assert changed.momentum == 0.5
    assert changed.teachers == ("a.npz", "b.npz")
    assert changed.votes == "a=b.csv"


def test_set_takes_a_policy_written_out(file):
    changed = read_experiment(
        file, ['augmentation=[{name = "HorizontalFlip", p = 0.25}]']
    )
    assert changed.augmentation == ({"name": "HorizontalFlip", "p": 0.25},)


def test_the_last_of_two_changes_of_a_key_counts(file):
    assert read_experiment(file, ["epochs=5", "epochs=7"]).epochs == 7


@pytest.mark.parametrize(
    "changes",
    [
        [],
        ['data=C:\\a "quoted" é \U0001f600 \x7f.csv'],
        ["dropout=0.0", "drop_path=0.1", "learning_rate=1e-7", "weight_decay=1e-30"],
        ["strategy=features", "weights=hub"],
        ["strategy=features", "weights=hub", "flip=false", "head=mlp"],
        ["strategy=features", "weights=hub", "augmentation=none"],
        ["strategy=fine-tune", "weights=hub:in1k", "unfreeze_epochs=1", "compile=true"],
        ['teachers=["a.npz", "b c.npz"]', "teachers_share=0.5"],
        ["switch_epoch=2", "switch_metric=macro-f1"],
        ["switch_epoch=3", "switch_loss=balanced-focal"],
        ["loss=balanced", "balance=[1, 2.5]"],
        ["augmentation=rich", "augmented_on=device"],
        ["augmentation=[]"],
        ['augmentation=[{name = "HorizontalFlip"}]'],
        ['augmentation=[{name = "Affine", rotate = [-5, 5]}, {name = "GaussNoise"}]'],
        ["split_file=a.json", "select_part=fold-1"],
        ["upscaling=learned:up.pt", "size=96"],
        ["zoom=0.25", "flip=false"],
    ],
    ids=lambda changes: " ".join(changes)[:30],
)
def test_the_resolved_file_reads_back_as_the_same_experiment(file, tmp_path, changes):
    experiment = read_experiment(file, changes)
    path = tmp_path / "config.toml"
    write_experiment(path, experiment)
    again = read_experiment(path)
    assert again == experiment
    assert again.model_dump() == experiment.model_dump()
    first = path.read_bytes()
    write_experiment(path, again)
    assert path.read_bytes() == first


def test_the_resolved_file_holds_every_key_that_says_something(file, tmp_path):
    experiment = read_experiment(file, ["strategy=features", "weights=hub"])
    write_experiment(tmp_path / "config.toml", experiment)
    values = tomllib.loads((tmp_path / "config.toml").read_text())
    left_out = dict(experiment).keys() - values.keys()
    assert left_out == {
        *("dropout", "switch_loss", "switch_metric", "switch_teachers_share"),  # None
        *("layer_decay", "unfreeze_epochs", "drop_path", "compile"),
        *("shift", "rotation_degrees", "zoom", "contrast", "brightness", "erase"),
        *("soften", "calm_epochs", "calm_share", "calm_zoom", "calm_soften"),
    }


def test_a_policy_is_written_out_with_every_parameter(file, tmp_path):
    experiment = read_experiment(file, ['augmentation=[{name = "RandomGamma"}]'])
    write_experiment(tmp_path / "config.toml", experiment)
    values = tomllib.loads((tmp_path / "config.toml").read_text())
    assert values["augmentation"] == parse_policy([{"name": "RandomGamma"}]).to_data()


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_examples_can_be_read_and_written(path, tmp_path):
    experiment = read_experiment(path)
    write_experiment(tmp_path / "config.toml", experiment)
    assert read_experiment(tmp_path / "config.toml") == experiment


def test_an_unknown_key_is_refused_and_the_known_ones_listed(file):
    with pytest.raises(ConfigError, match=r"unknown key 'epoch'; known are .*epochs"):
        read_experiment(file, ["epoch=5"])


def test_every_wrong_key_is_named_at_once(file):
    with pytest.raises(ConfigError) as caught:
        read_experiment(file, ["epochs=0", "momentum=2", "size=big"])
    message = str(caught.value)
    assert all(key in message for key in ("epochs = 0", "momentum = 2", "size = 'big'"))
    assert message.startswith(f"{file}: ")


def test_keys_that_do_not_fit_together_are_named_with_the_file(file):
    with pytest.raises(ConfigError) as caught:
        read_experiment(file, ["votes=a.csv"])
    assert str(caught.value) == (
        f"{file}: votes and votes_share belong together: give both"
    )


def test_values_from_elsewhere_are_named_after_it():
    with pytest.raises(ConfigError, match=r"^a page: the key 'name' is missing; the"):
        make_experiment({}, "a page")


@pytest.mark.parametrize("value", ["inf", "nan"])
def test_a_value_that_is_not_a_number_is_refused(file, value):
    with pytest.raises(ConfigError, match="learning_rate"):
        read_experiment(file, [f"learning_rate={value}"])


def test_a_missing_key_is_named(tmp_path):
    path = tmp_path / "a.toml"
    path.write_text('name = "a"\n')
    with pytest.raises(ConfigError, match="'backbone' is missing"):
        read_experiment(path)


@pytest.mark.parametrize("change", ["epochs", "=5", " =5", ""])
def test_a_change_without_key_or_sign_is_refused(file, change):
    with pytest.raises(ConfigError, match="expected key=value"):
        read_experiment(file, [change])


@pytest.mark.parametrize("content", [b"name = ", b"\xff\xfe"])
def test_a_file_that_is_not_toml_is_named(tmp_path, content):
    path = tmp_path / "a.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match="not a TOML file"):
        read_experiment(path)


@pytest.mark.parametrize("name", ["none.toml", "."])
def test_a_missing_file_points_to_the_examples(tmp_path, name):
    with pytest.raises(ConfigError, match="experiments/"):
        read_experiment(tmp_path / name)
