"""`mimika models`: adding, listing and removing models."""

import json

import pytest

from mimika.core.errors import ModelError
from mimika.runtime.shelf import Shelf


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("MIMIKA_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_a_model_is_added_listed_made_the_default_and_removed(call, home, parts_model):
    added = call("models", "add", "parts", parts_model())
    assert added.exit_code == 0, added.output
    assert "parts: drawn, task parts, 2 classes: large, small; input 16 px RGB" in (
        added.stdout
    )
    assert call("models", "default", "parts").stdout == "parts is the default.\n"
    listed = json.loads(call("models", "list", "--json").stdout)["models"]
    assert [(row["name"], row["is_default"]) for row in listed] == [
        ("emotion-robust", False),
        ("parts", True),
    ]
    text = call("models", "list").stdout
    assert "parts (default)" in text
    assert "70.6 % (69.1 to 72.1)" in text
    removed = call("models", "remove", "parts").stdout
    assert "The model that comes with mimika is the default again." in removed
    assert Shelf(home).models() == []


def test_the_shipped_model_can_be_the_default_again(call, home, parts_model):
    call("models", "add", "parts", parts_model())
    call("models", "default", "parts")
    assert call("models", "default", "emotion").exit_code == 0
    assert Shelf(home).default() is None


def test_a_picture_is_answered_by_a_model_of_that_name(
    call, home, parts_model, photograph
):
    call("models", "add", "parts", parts_model())
    done = call("predict", photograph, "--model", "parts", "--json")
    assert done.exit_code == 0, done.output
    answer = json.loads(done.stdout)
    text = json.dumps(answer)
    assert '"model": "parts"' in text
    assert '"faces_mode": "whole"' in text


def test_what_cannot_be_done_is_said(call, home, parts_model):
    call("models", "add", "parts", parts_model())
    for arguments, words in (
        (("add", "parts", parts_model()), "there is a model 'parts' already"),
        (("add", "a", "gone.onnx"), "no such file"),
        (("remove", "nuts"), "no model 'nuts' was added here; there is parts"),
    ):
        done = call("models", *arguments)
        assert isinstance(done.exception, ModelError)
        assert words in str(done.exception)
    former = call("models", "resnet18")
    assert former.exit_code == 2
    assert "'mimika networks'" in former.output


def test_a_damaged_model_is_named(call, home, parts_model):
    call("models", "add", "parts", parts_model())
    (home / "models" / "parts" / "model.onnx").unlink()
    done = call("models", "list")
    assert done.exit_code == 0
    assert "parts: damaged: " in done.output
