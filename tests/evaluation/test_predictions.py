import numpy as np
import pytest

from mimika.core.card import parse_card
from mimika.core.errors import DataError
from mimika.evaluation.predictions import (
    Predictions,
    load_predictions,
    save_predictions,
)


def predictions(**changes):
    rng = np.random.default_rng(1)
    values = {
        "probabilities": rng.dirichlet(np.ones(3), 5).astype(np.float32),
        "labels": np.array([0, 2, -1, 1, -1]),
        "rows": np.array([3, 4, 7, 8, 9]),
        "classes": ("angry", "fear", "neutral"),
        "split": "PublicTest",
        "digest": "sha256:12",
        "model": "emotion-first",
        "weights": "ab",
    }
    return Predictions(**(values | changes))


def test_a_file_gives_back_what_was_saved(tmp_path):
    saved = predictions()
    save_predictions(tmp_path / "p.npz", saved)
    read = load_predictions(tmp_path / "p.npz")
    np.testing.assert_allclose(read.probabilities, saved.probabilities, atol=1e-3)
    np.testing.assert_allclose(read.probabilities.sum(axis=1), 1, atol=1e-6)
    assert read.labels.tolist() == saved.labels.tolist()
    assert read.rows.tolist() == saved.rows.tolist()
    assert read.labels.dtype == read.rows.dtype == np.int64
    assert (read.classes, read.split, read.digest) == (
        saved.classes,
        saved.split,
        saved.digest,
    )
    assert (read.model, read.weights) == ("emotion-first", "ab")


def test_labelled_leaves_out_pictures_without_a_label():
    assert predictions().labelled().rows.tolist() == [3, 4, 8]
    with pytest.raises(DataError, match="5 pictures of PublicTest have no labels"):
        predictions(labels=np.full(5, -1)).labelled()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"labels": np.zeros(4, np.int64)}, "expected 5 labels and rows"),
        ({"classes": ("angry", "fear")}, "expected 3 classes for 3 columns"),
    ],
)
def test_parts_that_do_not_belong_together_are_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        predictions(**changes)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DataError, match=r"no file .*p.npz; 'mimika train' and"):
        load_predictions(tmp_path / "p.npz")


def test_a_file_of_another_kind_is_refused(tmp_path):
    path = tmp_path / "p.npz"
    path.write_text("hello")
    with pytest.raises(DataError, match="not a file of predictions"):
        load_predictions(path)
    np.savez(path, a=np.zeros(3))
    with pytest.raises(DataError, match="it holds a; expected classes, digest"):
        load_predictions(path)


def test_a_file_whose_parts_do_not_fit_is_refused(tmp_path):
    path = tmp_path / "p.npz"
    save_predictions(path, predictions())
    with np.load(path) as content:
        kept = dict(content)
    np.savez(path, **(kept | {"labels": np.zeros(2)}))
    with pytest.raises(
        DataError, match=r"p.npz: not a file of predictions .expected 5"
    ):
        load_predictions(path)


def test_nothing_is_left_where_writing_fails(tmp_path):
    with pytest.raises(OSError, match="No such file"):
        save_predictions(tmp_path / "missing" / "p.npz", predictions())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("place", [60, 100, 200, 400])
def test_a_damaged_file_is_refused(tmp_path, place):
    path = tmp_path / "p.npz"
    save_predictions(path, predictions())
    content = bytearray(path.read_bytes())
    content[place : place + 8] = b"damaged!"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"p.npz: not a file of predictions"):
        load_predictions(path)


def test_one_array_is_no_file_of_predictions(tmp_path):
    np.save(tmp_path / "p.npy", np.zeros(3))
    with pytest.raises(DataError, match="one array of numbers"):
        load_predictions((tmp_path / "p.npy").rename(tmp_path / "p.npz"))


def test_card_and_settings_travel_where_they_are_known(tmp_path, keep_run):
    card = parse_card((keep_run("a") / "card.json").read_text(), "a")
    path = tmp_path / "p.npz"
    save_predictions(path, predictions(card=card, settings="seed = 1"))
    read = load_predictions(path)
    assert (read.card, read.settings) == (card, "seed = 1")
    with np.load(path) as content:
        kept = dict(content)
    del kept["card"], kept["settings"], kept["sources"]  # as older versions wrote it
    np.savez(path, **kept)
    read = load_predictions(path)
    assert (read.card, read.settings, read.sources) == (None, "", "")


def test_the_card_or_else_the_file_says_what_was_learned_from(tmp_path, keep_run):
    card = parse_card((keep_run("a") / "card.json").read_text(), "a")
    assert predictions(card=card).learned_from == card.training_data
    save_predictions(tmp_path / "p.npz", predictions(sources="votes"))
    assert load_predictions(tmp_path / "p.npz").learned_from == "votes"
