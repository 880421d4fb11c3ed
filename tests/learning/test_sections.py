"""What the report says."""

from dataclasses import replace

import numpy as np

from mimika.evaluation.intervals import Interval
from mimika.learning import sections
from mimika.learning.scores import score


def said(outcome):
    return [remark.text for remark in sections.remarks_of(outcome)]


def with_answers(outcome, logits):
    """The outcome as if the strategy that was taken had answered this."""
    pool = outcome.material.pool
    chosen = score(
        outcome.chosen.name, logits, pool.labels, outcome.folds, cost=1, effort=0
    )
    return replace(outcome, chosen=chosen)


def test_few_pictures_and_chance_are_warned_about(outcome):
    assert any(text.startswith("Only 16 pictures: the 95 %") for text in said(outcome))
    constant = np.zeros_like(outcome.chosen.logits)
    constant[..., 0] = 1
    words = said(with_answers(outcome, constant))
    assert any("cannot be told apart from chance" in text for text in words)
    right = np.eye(2, dtype=np.float32)[outcome.material.pool.labels]
    perfect = with_answers(outcome, right[None].repeat(2, axis=0))
    assert not any("from chance" in text for text in said(perfect))


def test_what_was_not_tried_and_how_copies_were_found_is_said(outcome):
    other = replace(
        outcome,
        left_out={"vgg16": "not on this machine"},
        material=replace(outcome.material, by_near_copies=False),
    )
    words = said(other)
    assert "Not tried: vgg16. The first: not on this machine." in words
    assert any("Only exact copies were kept on one side" in text for text in words)


def test_every_strategy_has_a_line_and_the_taken_one_is_marked(outcome):
    section = sections.strategies(outcome)
    table = section.blocks[1]
    names = [row[0].text for row in table.rows]
    assert len(names) == 3
    assert f"{outcome.chosen.name} (taken)" in names
    assert table.rows[0][4].text == "best"


def test_the_confusion_matrix_counts_every_repeat(outcome):
    (figure,) = sections.confusion(outcome).blocks
    assert "each picture counts 2 times" in figure.caption
    assert figure.light.startswith(b"\x89PNG")


def test_mistakes_are_shown_with_their_pictures(outcome):
    swapped = with_answers(outcome, -outcome.chosen.logits)
    gallery = sections.mistakes(swapped).blocks[0]
    tiles = [tile for group in gallery.groups for tile in group.tiles]
    assert tiles
    assert all(tile.source.startswith("data:image/") for tile in tiles)
    right = np.eye(2, dtype=np.float32)[outcome.material.pool.labels]
    none = sections.mistakes(with_answers(outcome, right[None].repeat(2, axis=0)))
    assert "answered rightly" in none.blocks[0].text


def test_figures_are_written_as_people_read_them():
    figure = Interval(-0.012, -0.025, 0.001)
    assert sections.signed(figure) == "-1.2 (-2.5 to +0.1)"
    assert sections.ends(Interval(0.9, 0.812, 0.956)) == "81.2 % to 95.6 %"
    assert sections.width(Interval(0.9, 0.812, 0.956)) == "14 points"
