"""Experiment files."""

import pytest

from mimika.core.errors import ConfigError
from mimika.training.config import read_experiment, write_experiment

MINIMAL = (
    'name = "a"\ndata = "x.csv"\nbackbone = "b"\nepochs = 3\nlearning_rate = 0.1\n'
)


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
        file, ["epochs=5", "flip=false", "data=../b c.csv", 'name="z"']
    )
    assert changed.epochs == 5
    assert changed.flip is False
    assert changed.data == "../b c.csv"
    assert changed.name == "z"


def test_the_resolved_file_reads_back_as_the_same_experiment(file, tmp_path):
    experiment = read_experiment(file, ['data=C:\\a "quoted" é \U0001f600 \x7f.csv'])
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


@pytest.mark.parametrize("value", ["inf", "nan"])
def test_a_value_that_is_not_a_number_is_refused(file, value):
    with pytest.raises(ConfigError, match="learning_rate"):
        read_experiment(file, [f"learning_rate={value}"])


def test_a_missing_key_is_named(tmp_path):
    path = tmp_path / "a.toml"
    path.write_text('name = "a"\n')
    with pytest.raises(ConfigError, match="'backbone' is missing"):
        read_experiment(path)


def test_a_change_without_a_sign_is_refused(file):
    with pytest.raises(ConfigError, match="expected key=value"):
        read_experiment(file, ["epochs"])


@pytest.mark.parametrize("content", [b"name = ", b"\xff\xfe"])
def test_a_file_that_is_not_toml_is_named(tmp_path, content):
    path = tmp_path / "a.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match="not a TOML file"):
        read_experiment(path)


def test_a_missing_file_points_to_the_examples(tmp_path):
    with pytest.raises(ConfigError, match="experiments/"):
        read_experiment(tmp_path / "none.toml")
