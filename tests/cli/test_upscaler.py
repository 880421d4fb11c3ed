"""`mimika upscaler`, and a network trained and exported behind what it wrote."""

import onnx
import pytest
import torch

from mimika.core.errors import ConfigError, ModelError

pytestmark = pytest.mark.filterwarnings(
    # inside torch's exporter, about its own calls
    "ignore::DeprecationWarning",
    "ignore::FutureWarning",
)

EXPERIMENT = """
name = "large"
data = "{data}"
backbone = "compact_resnet"
size = 96
upscaling = "learned:{upscaler}"
epochs = 1
batch_size = 28
learning_rate = 0.02
accelerator = "cpu"
"""


@pytest.fixture(autouse=True)
def _one_thread():
    torch.set_num_threads(1)


def test_a_network_behind_a_learned_upscaler_is_trained_and_exported(
    call, fer_csv, tmp_path
):
    upscaler, run, model = (tmp_path / n for n in ("up.ckpt", "run", "model.onnx"))
    learned = call("upscaler", fer_csv, "-o", upscaler, "--epochs", 1)
    assert learned.exit_code == 0, learned.output
    assert "learned" in learned.stdout
    assert "on 28 pictures" in learned.stdout

    experiment = tmp_path / "large.toml"
    experiment.write_text(EXPERIMENT.format(data=fer_csv, upscaler=upscaler))
    trained = call("train", experiment, "--out", run)
    assert trained.exit_code == 0, trained.output
    exported = call("export", run, "-o", model, "--precision", "fp32")
    assert exported.exit_code == 0, exported.output
    shape = onnx.load(model).graph.input[0].type.tensor_type.shape.dim
    assert [d.dim_value for d in shape[1:]] == [1, 48, 48]  # enlarged inside

    other = call(
        "train", experiment, "--out", tmp_path / "b", "--set", "upscaling=learned:no"
    )
    assert isinstance(other.exception, ModelError)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (["size=100", "upscaling=learned:x"], "expected one of 96, 192, 384"),
        (["upscaling=cubic"], "nearest, bilinear, bicubic, lanczos"),
    ],
)
def test_an_enlargement_that_cannot_be_is_refused(
    call, fer_csv, tmp_path, changes, words
):
    experiment = tmp_path / "large.toml"
    experiment.write_text(EXPERIMENT.format(data=fer_csv, upscaler="x"))
    options = [part for change in changes for part in ("--set", change)]
    result = call("train", experiment, *options)
    assert isinstance(result.exception, ConfigError)
    assert words in str(result.exception)
