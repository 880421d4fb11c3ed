"""What tests share: the data set, a photograph without it, a browser, drawn runs."""

import json
import os
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from chromium import FLAGS, chromium
from onnx import TensorProto, helper, numpy_helper
from playwright.sync_api import Browser, sync_playwright

from mimika.core.card import CARD_KEY, ModelCard
from mimika.core.preprocess import PreprocessSpec
from mimika.core.tasks import EMOTION
from mimika.evaluation.predictions import Predictions, save_predictions


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder with FER2013 and the annotated photographs, or a skip."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"no data folder at {folder.name} beside the checkout")
    return folder


@pytest.fixture(scope="session")
def photograph() -> Path:
    """A JPEG, 512 x 600 pixels, with exactly one face at (174, 121, 182, 211).

    Matplotlib's sample of Grace Hopper, a US Navy photograph in the public domain.
    """
    matplotlib = find_spec("matplotlib")
    assert matplotlib is not None
    assert matplotlib.origin is not None
    samples = Path(matplotlib.origin).parent / "mpl-data" / "sample_data"
    return samples / "grace_hopper.jpg"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium of the system."""
    path = chromium()
    if path is None:
        assert not os.environ.get("CI"), "CI has to have Chromium"
        pytest.skip("no Chromium on the path: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def make_card() -> Callable[..., ModelCard]:
    """Makes the card of a grey classifier of emotions; fields can be changed."""

    def make(**changes: Any) -> ModelCard:
        fields: dict[str, Any] = {
            "name": "emotion-test",
            "task": "emotion",
            "labels": EMOTION.keys,
            "preprocess": PreprocessSpec(size=48, channels=1, mean=(0.5,), std=(0.25,)),
            "architecture": "drawn",
            "parameters": 1_000_000,
            "multiply_adds": 40_000_000,
            "training_data": "none",
            "selection": "none",
            "recipe": "none",
            "seed": 0,
            "intended_use": "tests",
            "limits": "tests only",
            "licence": "MIT",
            "digest": "0" * 64,
            "created": "2026-01-01",
            "mimika_version": "0",
        }
        return ModelCard.model_validate(fields | changes)

    return make


@pytest.fixture
def parts_model(tmp_path, make_card) -> Callable[..., Path]:
    """Writes an ONNX model that calls bright pictures `large` and dark ones `small`.

    `parts_model(name, **changes)`: fields of its card can be changed.
    """

    def write(name="parts.onnx", **changes: Any) -> Path:
        labels = changes.get("labels", ("large", "small"))
        spec = PreprocessSpec(size=16, channels=3, mean=(0.5,) * 3, std=(0.25,) * 3)
        matrix = np.zeros((3 * 16 * 16, len(labels)), np.float32)
        matrix[:, 0], matrix[:, 1] = 0.002, -0.002
        value = helper.make_tensor_value_info
        graph = helper.make_graph(
            [
                helper.make_node("Flatten", ["input"], ["flat"]),
                helper.make_node("MatMul", ["flat", "matrix"], ["logits"]),
            ],
            "brightness",
            [value("input", TensorProto.FLOAT, ["batch", 3, 16, 16])],
            [value("logits", TensorProto.FLOAT, ["batch", len(labels)])],
            [numpy_helper.from_array(matrix, "matrix")],
        )
        opset = helper.make_opsetid("", 17)
        model = helper.make_model(graph, opset_imports=[opset], ir_version=9)
        fields = {"name": "brightness", "task": "parts", "preprocess": spec}
        fields |= {"labels": labels, "digest": "b" * 64, "limits": "only brightness"}
        card = make_card(**(fields | changes))
        helper.set_model_props(model, {CARD_KEY: card.model_dump_json()})
        path = tmp_path / name
        onnx.save(model, path)
        return path

    return write


@pytest.fixture
def keep_run(tmp_path, make_card) -> Callable[..., Path]:
    """Writes what comparing reads of a finished run; its answers are drawn.

    `keep_run(name, share, seed)` is right on about that share of 600 pictures;
    `predictions` and `config` change single values.
    """

    def write(name, share=0.6, seed=0, *, predictions=None, config=None) -> Path:
        rng = np.random.default_rng([seed, *name.encode()])
        labels = np.random.default_rng(7).integers(0, 7, 600)
        wrong = (labels + rng.integers(1, 7, 600)) % 7
        answers = np.where(rng.random(600) < share, labels, wrong)
        values = {
            "probabilities": (0.3 * np.eye(7)[answers] + 0.1).astype(np.float32),
            "labels": labels,
            "rows": np.arange(600),
            "classes": EMOTION.keys,
            "split": "PublicTest",
            "digest": "sha256:12",
            "model": name,
            "weights": f"{name}-{seed}",
        }
        kept = Predictions(**(values | (predictions or {})))
        card = make_card(
            name=name,
            parameters=1_000_000 + 1000 * len(name),
            selection="best accuracy on PublicTest",
            seed=seed,
            limits="drawn answers",
            digest=kept.weights,
        )
        folder = tmp_path / name
        folder.mkdir()
        save_predictions(folder / "predictions.npz", kept)
        (folder / "card.json").write_text(card.model_dump_json())
        settings = {"name": name, "data": "a/fer.csv", "seed": seed, "size": 48}
        settings |= config or {}
        lines = (f"{key} = {json.dumps(value)}" for key, value in settings.items())
        (folder / "config.toml").write_text("\n".join(lines))
        return folder

    return write
