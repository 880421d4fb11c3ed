"""`mimika learn`: one command from a folder to a model."""

import json

import numpy as np
import pytest
from PIL import Image

from mimika.core.errors import DataError, InputError
from mimika.learning import strategies
from mimika.learning.fitting import Course
from mimika.runtime.pipeline import load_analyzer

pytestmark = pytest.mark.filterwarnings(
    # inside torch's exporter, about its own calls
    "ignore::DeprecationWarning",
    "ignore::FutureWarning",
)


@pytest.fixture(autouse=True)
def _short(monkeypatch, tmp_path):
    monkeypatch.setattr(strategies, "SCRATCH", Course(3, 3e-3))
    monkeypatch.setenv("MIMIKA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")


@pytest.fixture
def folder(tmp_path):
    """Ten dark and ten bright pictures, three of each held out."""
    rng = np.random.default_rng(0)
    for split, count in (("train", 10), ("test", 3)):
        for kind, level in (("dark", 60), ("bright", 190)):
            place = tmp_path / "a" / "b" / "c" / "d" / "light" / split / kind
            place.mkdir(parents=True)
            for number in range(count):
                coarse = level + rng.integers(-40, 40, (6, 8, 3))
                image = Image.fromarray(coarse.astype(np.uint8)).resize((48, 40))
                image.save(place / f"{number}.png")
    return place.parents[1]


def test_it_learns_reports_and_exports(call, folder, tmp_path):
    out = tmp_path / "out"
    done = call("learn", folder, "--out", out, "--folds", "2", "--repeats", "2")
    assert done.exit_code == 0, done.output
    assert "Taken: Tiny VGG from scratch" in done.stdout
    assert "! Only 20 pictures: the 95 % interval is" in done.stdout
    assert "Not tried: mobilenetv2_100" in done.stdout
    assert {path.name for path in out.iterdir()} >= {
        "model.onnx",
        "card.json",
        "report.html",
        "answers.csv",
        "analysis",
        "growth.png",
        "confusion.png",
    }
    card = json.loads((out / "card.json").read_text())
    assert (card["task"], card["labels"]) == ("light", ["bright", "dark"])
    assert card["metrics"]["test_accuracy"]["images"] == 6
    assert len((out / "answers.csv").read_text().splitlines()) == 1 + 2 * 20 + 6
    with load_analyzer(out / "model.onnx") as analyzer:
        bright = analyzer.analyze(np.full((40, 48, 3), 190, np.uint8))
    assert bright.task == "light"
    page = (out / "report.html").read_text()
    for words in ("Strategies", "Would more pictures help?", "Mistakes"):
        assert words in page


def test_a_wrong_call_is_said_before_any_work(call, folder, tmp_path):
    both = call(
        "learn", folder, "--out", tmp_path / "o", "--keep-scale", "--fit", "pad"
    )
    assert both.exit_code == 2
    assert "exclude each other" in both.output
    gone = call("learn", tmp_path / "gone", "--out", tmp_path / "o")
    assert isinstance(gone.exception, DataError)
    assert "does not exist" in str(gone.exception)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").touch()
    full = call("learn", folder, "--out", tmp_path / "full")
    assert isinstance(full.exception, InputError)
    assert not (tmp_path / "o").exists()
