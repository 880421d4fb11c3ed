"""Models by a path, a name or a task."""

import numpy as np
import pytest

import mimika
from mimika.core.errors import ModelError
from mimika.runtime.pipeline import DEFAULT_MODEL
from mimika.runtime.shelf import Shelf
from mimika.runtime.shelved import is_file_name, model_file


@pytest.fixture
def home(tmp_path, monkeypatch, parts_model):
    """A home with one model, `bolts`, of the task `parts`."""
    home = tmp_path / "home"
    Shelf(home).add("bolts", parts_model())
    monkeypatch.setenv("MIMIKA_HOME", str(home))
    return home


def test_a_model_is_loaded_by_its_name_its_task_or_its_file(home, parts_model):
    bright = np.full((40, 60, 3), 250, np.uint8)
    for model, name in (
        ("bolts", "bolts"),
        ("parts", "bolts"),
        (str(parts_model()), "brightness"),
        (parts_model(), "brightness"),
    ):
        with mimika.load(model) as analyzer:
            answer = analyzer.analyze(bright)
        assert (answer.model, answer.task, answer.faces_mode) == (
            name,
            "parts",
            "whole",
        )
        assert (answer.faces[0].label, answer.faces[0].box) == ("large", (0, 0, 60, 40))


def test_without_a_name_it_is_the_shipped_one_whatever_the_default_is(home):
    Shelf(home).set_default("bolts")
    assert mimika.load().task.name == "emotion"
    assert model_file(None) == model_file("emotion") == DEFAULT_MODEL


def test_an_unknown_name_is_answered_with_those_there_are(home):
    with pytest.raises(ModelError, match="there are emotion-robust, bolts"):
        mimika.load("nuts")
    with pytest.raises(ModelError, match="no such model file"):
        mimika.load("folder/nuts.onnx")


def test_a_file_is_told_from_a_name_by_its_form(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert is_file_name("a.onnx")
    assert is_file_name("folder/a")
    assert not is_file_name("a")
    (tmp_path / "a").touch()
    assert is_file_name("a")
