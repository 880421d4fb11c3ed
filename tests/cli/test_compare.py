"""`mimika compare` as people and programs call it."""

import json

import pytest
from PIL import Image

from mimika.core.errors import DataError


@pytest.fixture
def runs(keep_run):
    wide = {"size": 96}
    return [
        keep_run("first"),
        keep_run("wide-s1", 0.7, 1, config=wide),
        keep_run("wide-s2", 0.7, 2, config=wide),
    ]


def test_runs_are_shown_beside_published_models(call, runs):
    result = call("compare", *runs)
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[0].startswith("model")
    assert [line.split()[0] for line in lines[1:3]] == ["first", "wide"]
    assert "baseline" in lines[1]
    (swapped,) = (line for line in lines if line.startswith("Khaireddin"))
    assert "73.28 %  wrong split" in swapped
    assert "600 pictures of PublicTest" in result.stdout


def test_published_models_can_be_left_out(call, runs):
    assert "Khaireddin" not in call("compare", *runs, "--no-published").stdout


def test_other_classes_have_no_published_models(call, keep_run):
    classes = {"classes": tuple("abcdefg")}
    run = keep_run("letters", predictions=classes)
    result = call("compare", run)
    assert result.exit_code == 0, result.output
    assert "published" not in result.stdout
    result = call("compare", run, "--published")
    assert result.exit_code == 2
    assert "FER2013's classes" in result.stderr


def test_json_is_one_document(call, runs):
    result = call("compare", *runs, "--json", "--baseline", "wide", "--no-pool")
    assert isinstance(result.exception, DataError)  # without pooling nothing is wide
    result = call("compare", *runs, "--json", "--baseline", "wide")
    values = json.loads(result.stdout)
    assert values["baseline"] == "wide"
    assert [model["name"] for model in values["models"]] == ["first", "wide"]
    assert values["models"][0]["difference"]["accuracy"] < 0


def test_everything_is_written_into_a_folder(call, runs, tmp_path):
    out = tmp_path / "new" / "folder"
    result = call("compare", *runs, "--out", out)
    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in out.iterdir()) == [
        "accuracy_cost.png",
        "comparison.html",
        "comparison.json",
        "comparison.md",
        "models.png",
    ]
    with Image.open(out / "accuracy_cost.png") as plot:
        assert plot.format == "PNG"
    text = (out / "comparison.md").read_text()
    assert "| wide | 1, 2 |" in text
    assert "](accuracy_cost.png)" in text
    assert json.loads((out / "comparison.json").read_text())["images"] == 600


def test_a_plot_without_any_known_cost_is_an_error(call, runs, tmp_path):
    judged, plot = runs[0] / "predictions.npz", tmp_path / "plot.png"
    result = call("compare", judged, "--no-published", "--plot", plot)
    assert isinstance(result.exception, DataError)
    assert "no model's cost is known" in str(result.exception)
    assert not plot.exists()
    out = tmp_path / "out"
    assert call("compare", judged, "--no-published", "--out", out).exit_code == 0
    assert not (out / "accuracy_cost.png").exists()


def test_a_plot_alone(call, runs, tmp_path):
    plot = tmp_path / "plot.png"
    options = ("--no-published", "--cost", "multiply-adds", "--plot", plot)
    assert call("compare", *runs, *options).exit_code == 0
    with Image.open(plot) as image:
        assert image.format == "PNG"


def test_a_folder_that_cannot_be_written_is_named(call, runs):
    result = call(
        "compare", runs[0], "--no-published", "--out", runs[0] / "card.json" / "x"
    )
    assert isinstance(result.exception, DataError)
    assert "cannot be written" in str(result.exception)


def test_other_pictures_are_refused(call, runs, keep_run):
    other = keep_run("other", predictions={"digest": "sha256:99"})
    result = call("compare", *runs, other)
    assert isinstance(result.exception, DataError)
    assert str(runs[0]) in str(result.exception)
    assert str(other) in str(result.exception)


def test_without_a_run_the_call_is_wrong(call):
    assert call("compare").exit_code == 2
