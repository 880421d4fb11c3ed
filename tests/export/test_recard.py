"""Another card in a run and in an ONNX file."""

import numpy as np
import onnx
import pytest

from mimika.core.card import CARD_KEY, parse_card
from mimika.evaluation.calibration import scale
from mimika.export.recard import copy_with_card, write_card
from mimika.runtime.classifier import OnnxClassifier
from mimika.runtime.pipeline import DEFAULT_MODEL


def hotter(card):
    return card.model_copy(update={"temperature": 3 * card.temperature})


def test_a_copy_answers_with_the_new_temperature(images, tmp_path):
    former = OnnxClassifier(DEFAULT_MODEL)
    copy_with_card(DEFAULT_MODEL, tmp_path / "m.onnx", hotter(former.card))
    found = OnnxClassifier(tmp_path / "m.onnx")
    assert found.card == hotter(former.card)
    expected = scale(former.predict(images), 3)
    np.testing.assert_allclose(found.predict(images), expected, atol=1e-6)
    assert [path.name for path in tmp_path.iterdir()] == ["m.onnx"]


def test_a_file_can_be_its_own_copy_and_keeps_everything_else(tmp_path):
    path = tmp_path / "m.onnx"
    model = onnx.load(DEFAULT_MODEL)
    former = {item.key: item.value for item in model.metadata_props}
    onnx.helper.set_model_props(model, former | {"other": "kept"})
    onnx.save(model, path)
    copy_with_card(path, path, hotter(OnnxClassifier(path).card))
    found = onnx.load(path)
    assert found.graph == model.graph
    properties = {item.key: item.value for item in found.metadata_props}
    assert properties["other"] == "kept"
    written = parse_card(properties[CARD_KEY], "m")
    assert written == hotter(parse_card(former[CARD_KEY], "m"))


def test_nothing_is_written_where_the_folder_is_missing(tmp_path):
    card = OnnxClassifier(DEFAULT_MODEL).card
    with pytest.raises(FileNotFoundError):
        copy_with_card(DEFAULT_MODEL, tmp_path / "none" / "m.onnx", card)
    assert list(tmp_path.iterdir()) == []


def test_the_card_of_a_run_is_replaced(run):
    card = parse_card((run / "card.json").read_text(), "run")
    write_card(run, hotter(card))
    assert parse_card((run / "card.json").read_text(), "run") == hotter(card)
    assert sorted(path.name for path in run.iterdir()) == ["best.ckpt", "card.json"]
