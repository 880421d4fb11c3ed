"""Runs and files of predictions: what is read, refused, and put together."""

from dataclasses import replace

import numpy as np
import pytest

from mimika.core.errors import DataError
from mimika.core.tasks import EMOTION
from mimika.evaluation.contestants import (
    check_same_pictures,
    enter,
    load_contestant,
    settings_without_seed,
)
from mimika.evaluation.predictions import save_predictions


def entries(*folders, pool=True):
    return enter([load_contestant(folder) for folder in folders], pool=pool)


def test_a_run_has_its_card_and_its_seed(keep_run):
    run = load_contestant(keep_run("wide-s3", seed=3))
    assert (run.name, run.seed, run.card.name) == ("wide-s3", 3, "wide-s3")
    assert len(run.predictions.labels) == 600


def test_files_of_predictions_with_card_and_settings_are_pooled_by_seed(
    keep_run, tmp_path
):
    saved = []
    for seed in (1, 2):
        run = load_contestant(keep_run(f"first-{seed}", seed=seed))
        settings = (run.path / "config.toml").read_text()
        about = replace(run.predictions, card=run.card, settings=settings)
        save_predictions(tmp_path / f"judged-{seed}.npz", about)
        saved.append(load_contestant(tmp_path / f"judged-{seed}.npz"))
    (entry,) = enter(saved)
    assert entry.name == "judged"
    assert [(m.seed, m.card.parameters) for m in entry.members] == [
        (1, 1_007_000),
        (2, 1_007_000),
    ]


def test_a_file_of_predictions_may_have_neither(keep_run, tmp_path):
    folder = keep_run("first")
    inside = load_contestant(folder / "predictions.npz")
    assert (inside.name, inside.card, inside.seed) == ("first", None, None)
    moved = tmp_path / "judged.npz"
    (folder / "predictions.npz").rename(moved)
    assert load_contestant(moved).name == "judged"


def test_pictures_without_a_label_are_left_out(keep_run):
    labels = np.where(np.arange(600) < 20, 3, -1)
    run = load_contestant(keep_run("a", predictions={"labels": labels}))
    assert run.predictions.rows.tolist() == list(range(20))
    unlabelled = keep_run("b", predictions={"labels": np.full(600, -1)})
    with pytest.raises(DataError, match=r"b/predictions.npz: .*have no labels"):
        load_contestant(unlabelled)


def test_what_is_no_run_is_refused(keep_run, tmp_path):
    with pytest.raises(DataError, match=r"expected the folder of a finished run, or a"):
        load_contestant(tmp_path / "model.onnx")
    with pytest.raises(DataError, match=r"no file .*predictions.npz"):
        load_contestant(tmp_path)
    run = keep_run("a")
    (run / "config.toml").write_text("size = 48")
    with pytest.raises(DataError, match=r"config.toml: not the settings of a run"):
        load_contestant(run)
    (run / "card.json").unlink()
    with pytest.raises(DataError, match=r"card.json: cannot be read"):
        load_contestant(run)


def test_predictions_of_other_weights_are_refused(keep_run):
    run = keep_run("a", predictions={"weights": "b"})
    (run / "card.json").write_text(
        (run / "card.json").read_text().replace('"digest":"b"', '"digest":"c"')
    )
    with pytest.raises(DataError, match="written by other weights"):
        load_contestant(run)


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"digest": "sha256:13"}, "other pictures, or another order"),
        ({"rows": np.arange(1, 601)}, "other rows of PublicTest"),
        ({"labels": np.zeros(600, int)}, "the labels of"),
        ({"classes": tuple(sorted(EMOTION.keys))}, "their classes are"),
    ],
)
def test_runs_about_other_pictures_are_refused_and_both_named(keep_run, changes, cause):
    runs = [
        load_contestant(path)
        for path in (keep_run("a"), keep_run("b"), keep_run("c", predictions=changes))
    ]
    check_same_pictures(runs[:2])
    with pytest.raises(DataError, match=rf"a and .*c cannot be compared: .*{cause}"):
        check_same_pictures(runs)


def test_runs_that_differ_only_in_the_seed_are_one_entry(keep_run):
    found = entries(
        keep_run("wide-s1", seed=1),
        keep_run("first"),
        keep_run("wide-s2", seed=2, config={"data": "/elsewhere/fer.csv"}),
        keep_run("big", seed=3, config={"size": 96}),
    )
    assert [entry.name for entry in found] == ["wide-s1", "big"]
    assert [m.seed for m in found[0].members] == [1, 0, 2]
    found = entries(*(m.path for entry in found for m in entry.members), pool=False)
    assert [len(entry.members) for entry in found] == [1, 1, 1, 1]


def test_an_entry_of_several_seeds_is_called_what_their_names_share(keep_run):
    (entry,) = entries(keep_run("net-2-s1", seed=1), keep_run("net-2-s10", seed=10))
    assert entry.name == "net-2"


def test_entries_of_one_name_are_called_by_their_paths(keep_run, tmp_path):
    first = keep_run("a")
    other = tmp_path / "other" / "a"
    other.parent.mkdir()
    first.rename(other)
    again = keep_run("a", config={"size": 96})
    names = [entry.name for entry in entries(other, again)]
    assert names == [str(other), str(again)]


def test_the_same_run_twice_and_the_same_seed_twice_are_refused(keep_run):
    first, other = keep_run("a"), keep_run("b")
    with pytest.raises(DataError, match="a was given twice"):
        entries(first, other, first)
    with pytest.raises(DataError, match=r"same seed 0, .*--no-pool"):
        entries(first, other)
    assert len(entries(first, other, pool=False)) == 2


def test_settings_are_compared_without_seed_name_and_folders():
    one = {"name": "a", "seed": 1, "data": "x/d.csv", "size": 48}
    other = {"name": "b", "seed": 2, "data": "/y/d.csv", "size": 48}
    assert settings_without_seed(one) == settings_without_seed(other)
    assert settings_without_seed(one) != settings_without_seed(one | {"size": 96})


def test_a_name_that_is_no_utf8_can_be_written(keep_run):
    run = load_contestant(keep_run("odd"))
    odd = run.path.with_name("odd\udcff")
    run.path.rename(odd)
    assert load_contestant(odd).name == "odd\\udcff"
