"""The models that a person has added, by name."""

import json

import onnx
import pytest

from mimika.core.errors import ModelError
from mimika.runtime.model_check import check_model
from mimika.runtime.shelf import Shelf


@pytest.fixture
def shelf(tmp_path):
    return Shelf(tmp_path / "home")


def test_an_added_model_is_there_under_its_name(shelf, parts_model):
    assert shelf.models() == []
    added = shelf.add("parts", parts_model())
    (found,) = Shelf(shelf._folder.parent).models()
    assert found == added
    assert (found.name, found.card.name, found.card.task) == ("parts",) * 3
    assert found.path.read_bytes() == parts_model().read_bytes()
    names = sorted(path.name for path in shelf._folder.iterdir())
    assert names == ["parts"]  # nothing half-written beside it


def test_a_name_is_taken_once_and_can_be_replaced(shelf, parts_model):
    shelf.add("parts", parts_model())
    before = shelf.models()[0].signature()
    other = parts_model("other.onnx", digest="c" * 64)
    with pytest.raises(ModelError, match="there is a model 'parts' already"):
        shelf.add("parts", other)
    assert shelf.models()[0].card.digest == "b" * 64
    shelf.add("parts", other, replace=True)
    assert shelf.models()[0].card.digest == "c" * 64
    assert shelf.models()[0].signature() != before


@pytest.mark.parametrize("name", ["", "Parts", "../up", "a b", "-a", "x" * 41, "ä"])
def test_names_that_are_no_names_are_refused(shelf, parts_model, name):
    with pytest.raises(ModelError, match="cannot be the name of a model"):
        shelf.add(name, parts_model())


@pytest.mark.parametrize("name", ["emotion", "default", "emotion-robust"])
def test_names_of_the_shipped_model_are_kept_for_it(shelf, parts_model, name):
    with pytest.raises(ModelError, match="is kept for the model that comes with"):
        shelf.add(name, parts_model())


def test_files_that_cannot_be_used_are_refused_with_the_reason(
    shelf, parts_model, tmp_path
):
    text = tmp_path / "text.onnx"
    text.write_text("no model")
    bare = onnx.load(parts_model())
    del bare.metadata_props[:]
    onnx.save(bare, tmp_path / "bare.onnx")
    (tmp_path / "empty.onnx").touch()
    wrong = parts_model("wrong.onnx", labels=("a", "b", "c"))
    graph = onnx.load(parts_model())
    graph.metadata_props[0].value = onnx.load(wrong).metadata_props[0].value
    onnx.save(graph, wrong)
    for file, words in (
        (text, "ONNX Runtime cannot open it"),
        (tmp_path / "bare.onnx", "not a mimika model"),
        (tmp_path / "empty.onnx", "not an empty file"),
        (tmp_path / "gone.onnx", "no such file"),
        (wrong, "the card has 3 classes"),
        (parts_model("twice.onnx", labels=("a", "a")), "names a class twice"),
    ):
        with pytest.raises(ModelError, match=words):
            shelf.add("parts", file)
    assert shelf.models() == []
    assert check_model(parts_model()).task == "parts"


def test_a_removed_default_gives_way_to_the_shipped_one(shelf, parts_model):
    shelf.add("parts", parts_model())
    assert shelf.default() is None
    shelf.set_default("parts")
    assert shelf.default() == "parts"
    shelf.remove("parts")
    assert shelf.default() is None
    assert shelf.models() == []
    for action in (shelf.remove, shelf.set_default):
        with pytest.raises(ModelError, match="no model 'parts' was added here"):
            action("parts")
    with pytest.raises(ModelError, match="there are none"):
        shelf.remove("../parts")


def test_a_damaged_model_does_not_take_the_others_down(shelf, parts_model, caplog):
    shelf.add("good", parts_model())
    card = shelf.add("bad", parts_model()).path.with_name("card.json")
    card.write_text("{}")
    assert [one.name for one in shelf.models()] == ["good"]
    assert "not a model card" in shelf.damaged()["bad"]
    assert "model bad cannot be used" in caplog.text
    shelf.remove("bad")
    assert shelf.damaged() == {}


def test_what_is_damaged_is_told_of_once_and_read_again_when_it_changes(
    shelf, parts_model, caplog
):
    card = shelf.add("bad", parts_model()).path.with_name("card.json")
    whole = card.read_text()
    card.write_text("{}")
    for _ in range(5):
        assert shelf.models() == []
    assert caplog.text.count("model bad cannot be used") == 1
    with pytest.raises(ModelError, match="not a model card"):
        shelf.set_default("bad")
    card.write_text(whole)
    assert [one.name for one in shelf.models()] == ["bad"]


def test_a_default_that_is_gone_is_forgotten_with_its_model(shelf, parts_model):
    path = shelf.add("parts", parts_model()).path
    shelf.set_default("parts")
    path.unlink()
    assert shelf.default() is None
    shelf.remove("parts")
    shelf.add("parts", parts_model())
    assert shelf.default() is None


def test_a_name_that_somebody_takes_meanwhile_is_refused(
    shelf, parts_model, monkeypatch
):
    def check_while_another_adds(file):
        monkeypatch.setattr("mimika.runtime.shelf.check_model", check_model)
        shelf.add("parts", parts_model("other.onnx", digest="c" * 64))
        return check_model(file)

    monkeypatch.setattr("mimika.runtime.shelf.check_model", check_while_another_adds)
    with pytest.raises(ModelError, match="there is a model 'parts' already"):
        shelf.add("parts", parts_model())
    assert [one.card.digest for one in shelf.models()] == ["c" * 64]
    assert [path.name for path in shelf._folder.iterdir()] == ["parts"]


def test_a_model_whose_weights_lie_beside_it_is_refused(shelf, parts_model, tmp_path):
    onnx.save_model(
        onnx.load(parts_model()),
        tmp_path / "apart.onnx",
        save_as_external_data=True,
        location="weights.bin",
        size_threshold=0,
    )
    with pytest.raises(ModelError, match=r"apart\.onnx: .* lie in other files"):
        shelf.add("parts", tmp_path / "apart.onnx")
    assert shelf.models() == []


def test_the_card_beside_the_model_is_plain_json(shelf, parts_model):
    added = shelf.add("parts", parts_model())
    kept = json.loads(added.path.with_name("card.json").read_text())
    assert (kept["name"], kept["labels"]) == ("parts", ["large", "small"])
