"""Why a file cannot be put on the shelf, in one sentence."""

import onnx
import pytest

from mimika.core.errors import ModelError
from mimika.runtime.model_check import check_model, explained, kind_of


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"PK\x03\x04archive/data.pkl", "PyTorch"),
        (b"\x80\x02}q\x00", "PyTorch"),
        (b"\x1c\x00\x00\x00TFL3\x14\x00", "TensorFlow Lite"),
        (b"\x89HDF\r\n\x1a\n", "HDF5"),
        (b'\x40\x00\x00\x00\x00\x00\x00\x00{"weight":', "safetensors"),
        (b"\xff\xd8\xff\xe0", "a picture"),
        (b"small,large\n1,2\n", "a text file"),
    ],
)
def test_files_of_others_are_named(tmp_path, head, words):
    file = tmp_path / "model.onnx"
    file.write_bytes(head)
    with pytest.raises(
        ModelError, match=f"cannot open it: it is .*{words}.*, not a model of mimika"
    ):
        check_model(file)


def test_a_damaged_model_is_called_damaged(tmp_path, parts_model):
    file = tmp_path / "cut.onnx"
    file.write_bytes(parts_model().read_bytes()[:200])
    assert kind_of(file.read_bytes()) is None
    with pytest.raises(ModelError, match="it is damaged, or no ONNX file"):
        check_model(file)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda m: setattr(m.opset_import[0], "version", 99), "operators .opset. that"),
        (
            lambda m: setattr(m.graph.node[1], "op_type", "Own"),
            "operators that ONNX Runtime does not",
        ),
    ],
)
def test_what_onnx_runtime_does_not_know_is_said(tmp_path, parts_model, change, words):
    model = onnx.load(parts_model())
    change(model)
    onnx.save(model, tmp_path / "new.onnx")
    with pytest.raises(ModelError, match=words):
        check_model(tmp_path / "new.onnx")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"digest": ""}, "no digest of the weights"),
        ({"labels": ("a", " ")}, "a class with no letters"),
        ({"labels": ("a", "b" * 101)}, "a class with no letters or more than 100"),
        ({"labels": ("a", "a")}, "names a class twice"),
        ({"labels": tuple(f"c{i}" for i in range(1001))}, "has 1001 classes"),
    ],
)
def test_cards_with_which_nobody_can_work_are_refused(parts_model, changes, words):
    with pytest.raises(ModelError, match=words):
        check_model(parts_model("odd.onnx", **changes))


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(ModelError, match="is a folder"):
        check_model(tmp_path)


def test_other_errors_stay_as_they_are(tmp_path):
    words = "the network answered  another\nshape"
    assert explained(tmp_path, words) == "the network answered another shape"
