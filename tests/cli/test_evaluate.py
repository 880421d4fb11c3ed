"""`mimika evaluate`: figures, views, report and predictions."""

import json
import shutil
import subprocess
import sys

import numpy as np
import pytest
from sklearn.metrics import balanced_accuracy_score, log_loss

from mimika.core.errors import DataError, InputError, ModelError
from mimika.data.reading import read_dataset
from mimika.data.split_file import make_split, picture_digest, write_split
from mimika.evaluation import cost
from mimika.evaluation.predictions import load_predictions
from mimika.evaluation.tta import tta
from mimika.runtime.classifier import OnnxClassifier
from mimika.runtime.pipeline import DEFAULT_MODEL


@pytest.fixture(autouse=True)
def _quickly(monkeypatch):
    monkeypatch.setattr(cost, "SECONDS", 0)


@pytest.fixture(scope="module")
def shipped():
    return OnnxClassifier(DEFAULT_MODEL)


@pytest.fixture(scope="module")
def public(fer_csv):
    return read_dataset(fer_csv).split("PublicTest")


def figures(result):
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_the_shipped_model_is_judged_as_scikit_learn_would(
    call, fer_csv, shipped, public
):
    probabilities = shipped.predict(public.images)
    answers = probabilities.argmax(axis=1)
    found = figures(call("evaluate", "--data", fer_csv, "--json"))
    assert (found["model"], found["images"]) == (shipped.card.name, 28)
    assert found["accuracy"] == pytest.approx((answers == public.labels).mean())
    expected = balanced_accuracy_score(public.labels, answers)
    assert found["balanced_accuracy"] == pytest.approx(expected)
    rows = probabilities.astype(float)
    expected = log_loss(public.labels, rows / rows.sum(axis=1, keepdims=True))
    assert found["nll"] == pytest.approx(expected, abs=1e-5)
    assert found["tta"] is found["clean"] is found["calibration"] is None
    named = figures(call("evaluate", "default", "--data", fer_csv, "--json"))
    assert named["confusion"] == found["confusion"]


def test_people_get_tables(call, fer_csv, shipped):
    result = call("evaluate", "--data", fer_csv, "--split", "training", "--tta", "flip")
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[0].endswith(" on Training")
    assert lines[1] == "pictures: 84"
    assert any("These are Training pictures" in line for line in lines)
    assert lines[2].split() == ["figure", "plain", "flip,", "2", "views", "gain"]
    for words in ("balanced accuracy ", "top-2 accuracy ", "class     precision"):
        assert words in result.stdout
    assert "true \\ predicted" in result.stdout
    assert f"{shipped.card.parameters:,} parameters" in result.stdout


def test_several_views_are_reported_beside_plain_answers(
    call, fer_csv, shipped, public
):
    found = figures(call("evaluate", "--data", fer_csv, "--tta", "ten-crop", "--json"))
    answers = tta(shipped, public.images, "ten-crop").argmax(axis=1)
    views = found["tta"]
    assert views["accuracy"] == pytest.approx((answers == public.labels).mean())
    gain = views["accuracy"] - found["accuracy"]
    assert views["accuracy_gain"] == pytest.approx(gain)
    assert views["accuracy_gain_95"][0] <= gain <= views["accuracy_gain_95"][1]


def test_clean_pictures_are_judged_beside_all_and_calibrated_on(call, fer_csv):
    found = figures(
        call("evaluate", "--data", fer_csv, "--clean", "--calibrate", "--json")
    )
    assert found["clean"]["images"] == found["images"] == 28
    assert found["calibration"]["name"] == "clean PublicTest"


def test_a_report_has_page_figures_plots_and_predictions(call, fer_csv, tmp_path):
    out = tmp_path / "out"
    result = call(
        *("evaluate", "--data", fer_csv, "--out", out, "--calibrate", "--tta", "flip")
    )
    assert result.exit_code == 0, result.output
    assert result.stdout.endswith(f"Report: {out / 'report.html'}\n")
    assert sorted(path.name for path in out.iterdir()) == [
        "confusion.png",
        "predictions.npz",
        "reliability.png",
        "report.html",
        "report.json",
    ]
    html = (out / "report.html").read_text()
    for title in ("Summary", "Calibration", "Most confident mistakes", "Cost"):
        assert f"<h2>{title}</h2>" in html
    assert "http://" not in html
    kept = json.loads((out / "report.json").read_text())
    assert kept["tta"]["kind"] == "flip"
    assert call("evaluate", "--data", fer_csv, "--out", out).exit_code == 0


def test_predictions_are_saved_with_what_they_are_about(
    call, fer_csv, shipped, public, tmp_path
):
    path = tmp_path / "p.npz"
    call("evaluate", "--data", fer_csv, "--save", path)
    found = load_predictions(path)
    expected = shipped.predict(public.images)
    np.testing.assert_allclose(found.probabilities, expected, atol=1e-3)
    assert found.labels.tolist() == public.labels.tolist()
    assert found.rows.tolist() == public.rows.tolist() == list(range(84, 112))
    assert (found.split, found.classes) == ("PublicTest", shipped.card.labels)
    assert found.digest == picture_digest(public.images)
    assert found.weights == shipped.card.digest
    assert (found.card, found.settings) == (shipped.card, "")


def test_a_part_of_a_split_file_is_judged(call, fer_csv, tmp_path):
    samples = read_dataset(fer_csv)
    parts = {"some": np.arange(5, 30), "rest": np.arange(30, 112)}
    path = tmp_path / "s.json"
    write_split(path, make_split(samples, parts, name="mine", rule="drawn"))
    found = figures(
        call(
            *("evaluate", "--data", fer_csv, "--json"),
            *("--split-file", path, "--split", "some"),
        )
    )
    assert (found["split"], found["images"]) == ("part some of split mine", 25)


def test_votes_are_compared_with_the_answers(call, fer_csv, public, tmp_path):
    lines = ["row,neutral,angry,disgust,fear,happy,sad,surprise"]
    for row, label in zip(public.rows, public.labels, strict=True):
        place = (label + 1) % 7  # in this file neutral stands first
        lines.append(",".join(map(str, [row, *(10 * np.eye(7, dtype=int)[place])])))
    votes = tmp_path / "votes.csv"
    votes.write_text("\n".join(lines))
    result = call("evaluate", "--data", fer_csv, "--votes", votes, "--json")
    found = figures(result)
    assert found["votes"]["label_agreement"]["value"] == 1
    assert found["votes"]["agreement"]["value"] == pytest.approx(found["accuracy"])
    assert found["votes"]["divergence"] == pytest.approx(found["nll"], abs=1e-5)
    table = call("evaluate", "--data", fer_csv, "--votes", votes).stdout
    assert "beside crowd votes for 28 pictures" in table


def test_an_onnx_file_is_judged_without_torch(fer_csv):
    program = (
        "import sys; from mimika.cli.main import cli; "
        f"cli(['evaluate', '--data', {str(fer_csv)!r}], standalone_mode=False); "
        "assert not {'torch', 'timm', 'lightning_fabric'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True)
    assert done.returncode == 0, done.stderr.decode()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--clean", "--split-file", "s.json"], "do not go together"),
        (["--write-to", "m.onnx"], "give both"),
        (["--tta", "twenty"], "'flip', 'ten-crop', 'rich'"),
        (["--save", "probabilities"], "ends in .npz"),
        (["--save", "no folder/p.npz"], "no folder"),
        (["--save", "judged/p.npz", "--out", "judged"], "replaced as a whole"),
    ],
)
def test_options_that_make_no_sense_are_wrong_calls(call, fer_csv, options, words):
    result = call("evaluate", "--data", fer_csv, *options)
    assert result.exit_code == 2
    assert words in result.output


def test_data_is_required_and_help_has_examples(call):
    assert "Missing option '--data'" in call("evaluate").output
    assert "mimika evaluate --data fer2013.csv" in call("evaluate", "--help").stdout


def test_a_model_that_is_not_there_is_named(call, fer_csv, tmp_path):
    result = call("evaluate", tmp_path / "none.onnx", "--data", fer_csv)
    assert isinstance(result.exception, ModelError)
    assert "none.onnx" in str(result.exception)


def test_a_folder_with_other_files_is_refused_before_any_work(call, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    result = call("evaluate", "--data", "gone.csv", "--out", tmp_path)
    assert isinstance(result.exception, InputError)
    assert "other files" in str(result.exception)


def test_a_split_without_labels_or_pictures_cannot_be_judged(call, fer_csv, tmp_path):
    test = tmp_path / "test.csv"
    test.write_text("pixels\n" + " ".join(["7"] * 2304) + "\n")
    result = call("evaluate", "--data", test, "--split", "Test")
    assert isinstance(result.exception, DataError)
    assert "have no labels" in str(result.exception)
    result = call("evaluate", "--data", fer_csv, "--split", "PrivateTest")
    assert "no pictures in split 'PrivateTest'" in str(result.exception)


def test_a_split_of_copies_has_no_clean_subset(call, fer_csv, tmp_path):
    lines = fer_csv.read_text().splitlines()
    data = tmp_path / "copies.csv"
    copies = [line.replace("Training", "PublicTest") for line in lines[1:4]]
    data.write_text("\n".join([*lines[:10], *copies, ""]))
    result = call("evaluate", "--data", data, "--clean")
    assert isinstance(result.exception, DataError)
    assert "no clean subset is left" in str(result.exception)


def test_clean_pictures_need_training_pictures_to_be_compared_with(
    call, fer_csv, tmp_path
):
    result = call("evaluate", "--data", fer_csv, "--clean", "--split", "Training")
    assert isinstance(result.exception, DataError)
    assert "these are Training's pictures" in str(result.exception)
    header, *lines = fer_csv.read_text().splitlines()
    alone = tmp_path / "public.csv"
    alone.write_text("\n".join([header, *(x for x in lines if "Public" in x), ""]))
    result = call("evaluate", "--data", alone, "--clean")
    assert "there are no Training pictures in it" in str(result.exception)


def test_a_bad_row_is_left_out_where_that_is_asked_for(call, fer_csv, tmp_path):
    data = tmp_path / "bad.csv"
    shutil.copy(fer_csv, data)
    with data.open("a") as file:
        file.write("9,1 2 3,PublicTest\n")
    result = call("evaluate", "--data", data, "--skip-bad", "--json")
    assert figures(result)["images"] == 28
    assert "skipped" in result.stderr
