from dataclasses import replace

import numpy as np
import pytest

from mimika.evaluation.intervals import Interval
from mimika.evaluation.sections import (
    classes,
    clean,
    confusion,
    cost,
    figures_table,
    limits,
    signed,
    summary,
    with_interval,
)


def texts(table):
    return [[cell.text for cell in cells] for cells in table.rows]


def facts(section):
    return {
        f.name: f
        for block in section.blocks
        if block.kind == "facts"
        for f in block.facts
    }


def test_intervals_are_written_with_four_digits():
    figure = Interval(0.5, 0.25, 0.75)
    assert with_interval(figure) == "0.5000 (0.2500\N{EN DASH}0.7500)"
    assert signed(Interval(0.01, -0.02, 0.04)) == "+0.0100 (-0.0200 to +0.0400)"


def test_plain_figures_stand_beside_those_of_several_views(judgement):
    table = figures_table(judgement.whole)
    assert table.header == ("figure", "plain", "flip, 2 views", "gain")
    rows = {cells[0]: cells[1:] for cells in texts(table)}
    plain, views = judgement.whole.plain, judgement.whole.views
    assert rows["macro-F1"] == [
        with_interval(plain.macro_f1),
        with_interval(views.evaluation.macro_f1),
        signed(views.macro_f1_gain),
    ]
    assert rows["ECE"][0] == f"{plain.ece:.4f}"
    alone = figures_table(replace(judgement.whole, views=None))
    assert alone.header == ("figure", "plain")


def test_the_summary_says_when_the_model_was_chosen_on_the_same_pictures(judgement):
    section = summary(judgement)
    assert "best accuracy on Orchard" in section.blocks[-1].remarks[0].text
    assert "accuracy over 2 views (flip)" in facts(section)
    other = summary(replace(judgement, whole=judgement.clean))
    assert other.blocks[-1].kind == "table"


def test_the_clean_subset_says_what_was_left_out(judgement):
    found = facts(clean(judgement.clean, judgement.whole))
    assert found["left out"].value == "30"
    assert found["left out"].note == "33.3 % of Orchard"


def test_every_class_has_a_row_under_its_display_name(judgement):
    (table,) = classes(judgement).blocks
    assert [cells[0] for cells in texts(table)] == ["Apple", "Pear", "Red Currant"]
    assert [cells[-1] for cells in texts(table)] == ["30"] * 3


def test_the_confusion_matrix_is_drawn_unless_there_are_too_many_classes(judgement):
    assert confusion(judgement).blocks[0].name == "confusion"
    names = tuple(f"c{number}" for number in range(17))
    many = replace(judgement, card=judgement.card.model_copy(update={"labels": names}))
    assert "17 classes" in confusion(many).blocks[0].text


@pytest.mark.filterwarnings("error")
def test_a_class_without_pictures_is_drawn_too(judgement):
    plain = replace(judgement.whole.plain, confusion=np.diag([3, 0, 2]))
    whole = replace(judgement.whole, plain=plain)
    assert confusion(replace(judgement, whole=whole)).blocks[0].light


def test_the_cost_counts_the_views(judgement):
    found = facts(cost(judgement.cost, judgement.whole.views))
    assert found["a picture by itself"].value == "0.25 ms"
    assert found["the cost with flip views"].value == "2 times"


def test_the_limits_are_those_of_the_card(card):
    section = limits(card)
    assert [block.text for block in section.blocks[:2]] == ["tests", "tests <only>"]
    assert ["temperature", "2.0000"] in texts(section.blocks[2])
