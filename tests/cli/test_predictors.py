"""Models as command lines name them."""

import subprocess
import sys
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest

from mimika.cli.predictors import (
    data_order,
    load_predictor,
    predict_all,
    predict_views,
)
from mimika.core.errors import ModelError
from mimika.core.preprocess import PreprocessSpec
from mimika.core.tasks import EMOTION
from mimika.runtime.classifier import OnnxClassifier


@pytest.mark.parametrize("name", [None, Path("default")])
def test_the_shipped_model_is_the_default(name):
    assert load_predictor(name).card.labels == EMOTION.keys


def test_an_onnx_file_is_opened(knowing_model):
    predictor = load_predictor(knowing_model())
    assert isinstance(predictor, OnnxClassifier)
    assert predictor.card.name == "columns"


def test_a_folder_is_taken_for_a_run(tmp_path):
    with pytest.raises(ModelError, match=r"no checkpoint .*best.ckpt"):
        load_predictor(tmp_path)


def test_what_is_not_there_and_what_is_no_model_are_named(tmp_path):
    with pytest.raises(
        ModelError, match=r"none: nothing is there; expected the folder"
    ):
        load_predictor(tmp_path / "none")
    text = tmp_path / "text.onnx"
    text.write_text("no model")
    with pytest.raises(ModelError, match=r"text.onnx: ONNX Runtime cannot open it"):
        load_predictor(text)


def test_a_run_without_torch_says_what_to_install(tmp_path):
    program = (
        "import sys; sys.modules['torch'] = None\n"
        "from mimika.cli.main import main\n"
        "main(['submit', sys.argv[1], '--data', 'x.csv', '-o', 'y.csv'])"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert 'pip install "mimika[train]"' in run.stderr
    assert "Traceback" not in run.stderr


def test_many_pictures_are_classified_in_parts(knowing_model):
    predictor = load_predictor(knowing_model())
    images = np.random.default_rng(1).integers(0, 256, (600, 48, 48), np.uint8)
    found = predict_all(predictor, images)
    np.testing.assert_allclose(found, predictor.predict(images), atol=1e-6)
    assert predict_all(predictor, images[:0]).shape == (0, 7)


def test_known_classes_are_brought_into_the_order_of_their_numbers():
    alphabetical = tuple(sorted(EMOTION.keys))
    keys, columns = data_order(alphabetical)
    assert keys == EMOTION.keys
    assert [alphabetical[column] for column in columns] == list(EMOTION.keys)
    keys, columns = data_order(("Sadness", *(k for k in EMOTION.keys if k != "sad")))
    assert (keys, columns.tolist()) == (EMOTION.keys, [1, 2, 3, 4, 0, 5, 6])


@pytest.mark.parametrize(
    "labels",
    [
        ("ants", "bees"),
        EMOTION.keys[:6],
        (*EMOTION.keys, "contempt"),
        (*EMOTION.keys[:6], "sadness"),
    ],
)
def test_other_classes_stay_as_they_are(labels):
    keys, columns = data_order(labels)
    assert keys == labels
    assert columns.tolist() == list(range(len(labels)))


@pytest.mark.parametrize("kind", [None, "flip"])
def test_a_model_that_keeps_the_scale_is_not_given_squares(knowing_model, kind):
    card = load_predictor(knowing_model()).card
    spec = PreprocessSpec(**card.preprocess.model_dump(), fit="keep-scale")
    keeping = Mock(card=card.model_copy(update={"preprocess": spec}))
    with pytest.raises(ModelError, match=r"fitted by 'keep-scale'.* 'mimika predict'"):
        predict_views(keeping, np.zeros((1, 48, 48), np.uint8), kind)
