"""Which of the models at hand a request means."""

import pytest

from mimika.core.errors import ModelError
from mimika.runtime.choosing import choose
from mimika.runtime.classifier import OnnxClassifier
from mimika.runtime.pipeline import DEFAULT_MODEL
from mimika.runtime.shelf import Shelf


@pytest.fixture
def shelf(tmp_path):
    return Shelf(tmp_path / "home")


@pytest.fixture(scope="module")
def shipped():
    return OnnxClassifier(DEFAULT_MODEL).card


def test_a_model_is_chosen_by_name_by_task_or_as_the_default(
    shelf, shipped, parts_model
):
    def name(model=None, task=None):
        found = choose(shelf, shipped, model, task).shelved
        return "shipped" if found is None else found.name

    shelf.add("a", parts_model())
    shelf.add("b", parts_model())
    shelf.add("pets", parts_model("pets.onnx", task="pets"))
    assert name() == name("emotion") == name(shipped.name) == "shipped"
    assert name(task="emotion") == "shipped"
    assert (name("b"), name("b", "parts")) == ("b", "b")
    assert (name(task="parts"), name(task="pets")) == ("a", "pets")
    shelf.set_default("b")
    assert (name(), name(task="parts"), name(task="emotion")) == ("b", "b", "shipped")


def test_what_is_not_there_is_answered_with_what_is(shelf, shipped, parts_model):
    shelf.add("a", parts_model())
    with pytest.raises(
        ModelError, match=f"no model 'x' here; there are {shipped.name}"
    ):
        choose(shelf, shipped, "x", None)
    with pytest.raises(ModelError, match="for the tasks emotion, parts"):
        choose(shelf, shipped, None, "x")
    with pytest.raises(ModelError, match="'a' answers the task 'parts', not 'emotion'"):
        choose(shelf, shipped, "a", "emotion")
