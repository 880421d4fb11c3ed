"""A comparison as cells, lines, notes and values."""

import json
from dataclasses import replace

import pytest

from mimika.evaluation.comparison import compare
from mimika.evaluation.comparison_table import (
    FIGURES,
    HEADER,
    ORIGINS,
    PUBLISHED_HEADER,
    aligned,
    notes_of,
    published_columns,
    rows_of,
    to_json,
)
from mimika.evaluation.contestants import enter, load_contestant
from mimika.evaluation.published import load_published
from mimika.reporting.tables import MISSING


@pytest.fixture
def comparison(keep_run):
    wide = {"size": 96}
    folders = [
        keep_run("first"),
        keep_run("wide-s1", 0.9, 1, config=wide),
        keep_run("wide-s2", 0.9, 2, config=wide),
        keep_run("far", 0.9, config={"size": 24}),
    ]
    judged = keep_run("judged") / "predictions.npz"
    return compare(enter([load_contestant(path) for path in (*folders, judged)]))


def test_a_row_says_what_was_measured_and_what_is_not_known(comparison):
    first, wide, far, judged = (
        dict(zip(HEADER, row, strict=True)) for row in rows_of(comparison)
    )
    assert first["accuracy, difference"] == first["macro-F1, difference"] == "baseline"
    assert first["multiply-adds"] == "40.0 M"
    assert wide["seeds"] == "1, 2"
    assert "±" in wide["accuracy"]
    assert wide["McNemar p"] == MISSING
    assert wide["accuracy, difference"].startswith("+")
    assert far["McNemar p"] == "< 0.0001"
    assert judged["seeds"] == judged["parameters"] == judged["multiply-adds"] == MISSING


def test_intervals_stand_beside_their_figures(comparison):
    line = comparison.lines[0]
    value, low, high = (
        f"{100 * part:.2f}"
        for part in (line.accuracy.value, line.accuracy.low, line.accuracy.high)
    )
    assert rows_of(comparison)[0][2] == f"{value} % ({low} to {high})"


def test_columns_stand_under_each_other():
    rows = [("a", "10", "x"), ("long", "2", "words here")]
    assert aligned(("name", "n", "why"), rows, words=(0, 2)) == [
        "name   n  why",
        "a     10  x",
        "long   2  words here",
    ]


def test_published_figures_have_their_standing_beside_them():
    rows = load_published()
    header, cells, words = published_columns(rows, FIGURES)
    assert header[:4] == ("published model", "accuracy", "standing", "scored on")
    assert words == (0, 2, 3, 4)
    found = {row[0]: row for row in cells}
    assert found["Khaireddin and Chen, VGG"][1:4] == (
        "73.28 %",
        "wrong split",
        "PublicTest",
    )
    header, cells, _ = published_columns(rows, ORIGINS)
    assert header[-2:] == PUBLISHED_HEADER[-2:] == ("source", "doubt")
    (swapped,) = (row for row in cells if row[0].startswith("Khaireddin"))
    assert "splits are swapped" in swapped[-1]


def test_notes_say_when_a_checkpoint_was_chosen_on_the_pictures(comparison):
    notes = notes_of(comparison, ())
    assert "600 pictures of PublicTest" in notes[0]
    assert "first, wide, far: the checkpoint was chosen on these very" in notes[-1]
    elsewhere = notes_of(replace(comparison, split="fold0"), ())
    assert not any("chosen on these" in note for note in elsewhere)
    assert "PrivateTest" in notes_of(comparison, load_published())[-1]


def test_values_are_fractions_and_can_be_written_as_json(comparison):
    values = json.loads(json.dumps(to_json(comparison, load_published())))
    first, wide, far, judged = values["models"]
    assert values["baseline"] == "first"
    assert first["difference"] is None
    assert first["accuracy"] == comparison.lines[0].accuracy.value
    assert wide["seeds"] == [1, 2]
    assert wide["accuracy_deviation"] > 0
    assert len(wide["paths"]) == 2
    assert far["difference"]["mcnemar_p"] < 1e-4
    assert far["difference"]["accuracy_95"][0] > 0
    assert (judged["seeds"], judged["parameters"]) == ([None], None)
    leaked = [row for row in values["published"] if row["standing"] == "leaked"]
    assert leaked
    assert not any(row["comparable"] for row in leaked)
