from dataclasses import replace

import numpy as np

from mimika.evaluation.sections_answers import calibration, crowd, mistakes


def values(section):
    return {
        f.name: f
        for block in section.blocks
        if block.kind == "facts"
        for f in block.facts
    }


def test_calibration_is_shown_before_and_after(judgement):
    section = calibration(judgement)
    found = judgement.calibration
    facts = values(section)
    assert facts["temperature to store"].value == f"{2 * found.temperature:.3f}"
    assert facts["pictures it is fitted on"].note == "clean Orchard"
    table = next(block for block in section.blocks if block.kind == "table")
    assert table.rows[0][2].text == f"{found.ece_after:.4f}"
    texts = " ".join(block.text for block in section.blocks if block.kind == "text")
    assert f"{found.ece_by_chance:.4f}" in texts
    assert "5 folds" in texts
    assert section.blocks[-1].name == "reliability"


def test_without_a_temperature_the_diagram_stands_alone(judgement):
    section = calibration(replace(judgement, calibration=None))
    assert [block.kind for block in section.blocks] == ["text", "figure"]
    assert f"{judgement.ece_by_chance:.4f}" in section.blocks[0].text


def test_mistakes_stand_under_their_true_class(judgement, pictures):
    (gallery,) = mistakes(judgement, pictures).blocks
    assert [group.title for group in gallery.groups] == [
        "True class: Apple",
        "True class: Pear",
        "True class: Red Currant",
    ]
    confusion = judgement.whole.plain.confusion
    wrong = confusion.sum(axis=1) - np.diag(confusion)
    assert [group.note for group in gallery.groups] == [f"{n} wrong" for n in wrong]
    first = judgement.mistakes[0]
    tile = gallery.groups[0].tiles[0]
    assert tile.title in ("Pear", "Red Currant")
    assert tile.detail == f"{100 * first.confidence:.0f} %, {first.row}"
    assert tile.hint.startswith(f"Orchard, row {first.row}; Apple has ")


def test_a_model_that_is_always_right_has_no_gallery(judgement, pictures):
    section = mistakes(replace(judgement, mistakes=()), pictures)
    assert section.blocks[0].text == "Every answer is right."


def test_votes_have_a_table(judgement):
    (table,) = crowd(judgement.crowd).blocks
    assert table.header[1] == "90 pictures"
    assert table.rows[2][1].text.startswith("1.0000")
