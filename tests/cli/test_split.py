"""`mimika split`, and training and evaluation by the file that it wrote."""

import json

import numpy as np
import pytest
import torch

from mimika.core.errors import DataError
from mimika.data.reading import read_dataset
from mimika.data.split_file import read_split

pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning", "ignore::FutureWarning"
)


@pytest.fixture(autouse=True)
def _one_thread():
    torch.set_num_threads(1)


@pytest.mark.parametrize(
    ("rule", "parts"),
    [
        ("usage", {"Training": 84, "PublicTest": 28}),
        ("clean", {"Training": 84, "PublicTest": 28}),
        ("folds", {f"fold{n}": 28 for n in range(3)}),
        ("holdout", {"train": 63, "holdout": 21}),
    ],
)
def test_every_rule_writes_its_parts(call, fer_csv, tmp_path, rule, parts):
    path = tmp_path / "s.json"
    result = call(
        "split", fer_csv, "-o", path, "--rule", rule, "--folds", 3, "--share", 0.25
    )
    assert result.exit_code == 0, result.output
    split = read_split(path)
    assert {name: len(places) for name, places in split.parts.items()} == parts


def test_folds_are_stratified(call, fer_csv, tmp_path):
    path = tmp_path / "s.json"
    call("split", fer_csv, "-o", path, "--rule", "folds", "--folds", 3)
    labels = read_dataset(fer_csv).labels
    for places in read_split(path).parts.values():
        assert np.bincount(labels[list(places)]).tolist() == [4] * 7


def test_a_fold_is_selected_on_and_judged(call, fer_csv, tmp_path):
    folds, run = tmp_path / "folds.json", tmp_path / "run"
    call("split", fer_csv, "-o", folds, "--rule", "folds", "--folds", 3)
    experiment = tmp_path / "e.toml"
    experiment.write_text(
        f'name = "fold"\ndata = "{fer_csv}"\nbackbone = "compact_resnet"\n'
        "epochs = 1\nbatch_size = 28\nlearning_rate = 0.02\n"
        f'accelerator = "cpu"\nsplit_file = "{folds}"\nselect_part = "fold1"\n'
        'augmentation = "simple"\n'
    )
    trained = call("train", experiment, "--out", run)
    assert trained.exit_code == 0, trained.output
    assert "56 pictures to train on, 28 to select on" in (run / "train.log").read_text()
    card = json.loads((run / "card.json").read_text())
    assert card["metrics"]["accuracy"]["split"] == "part fold1 of split folds"

    model = tmp_path / "m.onnx"
    assert call("export", run, "-o", model, "--precision", "fp32").exit_code == 0
    judged = call(
        *("evaluate", model, "--data", fer_csv, "--json"),
        *("--split-file", folds, "--split", "fold1"),
    )
    assert judged.exit_code == 0, judged.output
    figures = json.loads(judged.stdout)
    assert figures["images"] == 28
    assert figures["accuracy"] == pytest.approx(card["metrics"]["accuracy"]["value"])

    again = call("train", run / "config.toml", "--out", run, "--resume")
    assert again.exit_code == 0, again.output


def test_other_pictures_than_those_that_were_split_are_refused(call, fer_csv, tmp_path):
    path = tmp_path / "s.json"
    call("split", fer_csv, "-o", path, "--rule", "usage")
    shorter = tmp_path / "other.csv"
    shorter.write_text("".join(fer_csv.read_text().splitlines(keepends=True)[:-1]))
    result = call("evaluate", "--data", shorter, "--split-file", path)
    assert isinstance(result.exception, DataError)
