from dataclasses import replace

import numpy as np
import pytest

from mimika.analysis.run import Silent, examine
from mimika.analysis.sections_labels import labels, votes
from mimika.analysis.votes import Agreement
from mimika.reporting.gallery import Gallery
from mimika.reporting.page import Facts, Figure, Text


@pytest.fixture(scope="module")
def mislabelled(drawn):
    wrong = drawn.labels.copy()
    wrong[[10, 20, 30]] = (wrong[[10, 20, 30]] + 3) % 7
    return replace(drawn, labels=wrong)


@pytest.fixture(scope="module")
def findings(mislabelled):
    return examine(mislabelled, None, 0, 1, Silent())


def first_gallery(section):
    return next(block for block in section.blocks if isinstance(block, Gallery))


def test_the_gallery_starts_with_what_was_swapped(mislabelled, findings):
    tiles = first_gallery(labels(mislabelled, findings)).groups[0].tiles
    assert {tile.hint for tile in tiles[:5]} & {"Training 10", "Training 20"}
    assert tiles[0].detail.endswith(" %")


def test_one_of_each_group_of_copies_is_shown(mislabelled, findings):
    groups = np.zeros(120, np.int64)
    one = replace(findings, duplicates=replace(findings.duplicates, groups=groups))
    assert len(first_gallery(labels(mislabelled, one)).groups[0].tiles) == 1


def test_without_a_judgement_there_is_one_sentence(mislabelled, findings):
    section = labels(mislabelled, replace(findings, labels=None))
    assert [type(block) for block in section.blocks] == [Text]


def test_agreement_has_its_figures_and_its_matrix(mislabelled, findings):
    agreement = Agreement(9, 0.63, {"a": 0.6, "b": 0.7}, 4, None, 0.1, np.eye(7))
    section = votes(replace(findings, agreement=agreement), mislabelled)
    facts, matrix = section.blocks
    assert isinstance(facts, Facts)
    assert [fact.value for fact in facts.facts][:3] == ["63.0 %", "60.0 %", "70.0 %"]
    assert isinstance(matrix, Figure)


def test_votes_for_nothing_labelled_are_said_to_be(mislabelled, findings):
    assert isinstance(votes(findings, mislabelled).blocks[0], Text)
