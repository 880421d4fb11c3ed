"""Small data sets as files, a model that knows them, and a way to call a command."""

import csv

import numpy as np
import onnx
import pytest
from click.testing import CliRunner
from onnx import TensorProto, helper, numpy_helper

from mimika.cli.main import cli
from mimika.core.card import CARD_KEY
from mimika.core.preprocess import PreprocessSpec
from mimika.core.tasks import EMOTION
from mimika.data.folder_names import class_of_folder


@pytest.fixture
def call():
    """Calls the command line in this process; errors of ours come out as raised."""
    return lambda *argv: CliRunner().invoke(cli, [str(part) for part in argv])


@pytest.fixture(scope="session")
def fer_csv(tmp_path_factory):
    """A `fer2013.csv` of drawn pictures: 84 Training and 28 PublicTest rows."""
    rng = np.random.default_rng(3)
    path = tmp_path_factory.mktemp("data") / "fer2013.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["emotion", "pixels", "Usage"])
        for row in range(112):
            image = rng.integers(0, 100, (48, 48))
            label = row % 7
            image[:, label * 6 : label * 6 + 8] += 120
            usage = "Training" if row < 84 else "PublicTest"
            writer.writerow([label, " ".join(map(str, image.ravel())), usage])
    return path


@pytest.fixture
def drawn_test_csv(tmp_path):
    """Kaggle's `test.csv` in small: 21 drawn pictures, row r of class r % 7."""
    rng = np.random.default_rng(4)
    path = tmp_path / "test.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["pixels"])
        for row in range(21):
            image = rng.integers(0, 100, (48, 48))
            image[:, row % 7 * 6 : row % 7 * 6 + 6] += 120
            writer.writerow([" ".join(map(str, image.ravel()))])
    return path


@pytest.fixture
def knowing_model(tmp_path, make_card):
    """Writes an ONNX model that knows the drawn pictures; its outputs in any order.

    `knowing_model(labels, task)` has these classes in this order; each output adds up
    the column of the picture that is bright for the emotion of its name.
    """

    def write(labels=EMOTION.keys, task="emotion"):
        matrix = np.zeros((64, len(labels)), np.float32)
        for output, label in enumerate(labels):
            column = class_of_folder(label, EMOTION.keys)
            matrix[column::8, output] = 1
        value = helper.make_tensor_value_info
        graph = helper.make_graph(
            [
                helper.make_node("Flatten", ["input"], ["flat"]),
                helper.make_node("MatMul", ["flat", "matrix"], ["logits"]),
            ],
            "columns",
            [value("input", TensorProto.FLOAT, ["batch", 1, 8, 8])],
            [value("logits", TensorProto.FLOAT, ["batch", len(labels)])],
            [numpy_helper.from_array(matrix, "matrix")],
        )
        opset = helper.make_opsetid("", 17)
        model = helper.make_model(graph, opset_imports=[opset], ir_version=9)
        spec = PreprocessSpec(size=8, channels=1, mean=(0.5,), std=(0.25,))
        card = make_card(
            name="columns", task=task, labels=labels, preprocess=spec, digest="columns"
        )
        helper.set_model_props(model, {CARD_KEY: card.model_dump_json()})
        path = tmp_path / f"{task}.onnx"
        onnx.save(model, path)
        return path

    return write
