"""Several models' answers as one."""

import numpy as np
import pytest

from mimika.core.card import parse_card
from mimika.core.errors import DataError
from mimika.evaluation.ensemble import pooled
from mimika.evaluation.predictions import Predictions


def member(rows, seed, **changes):
    rng = np.random.default_rng(seed)
    values = {
        "probabilities": rng.dirichlet(np.ones(3), len(rows)).astype(np.float32),
        "labels": np.array(rows) % 3,
        "rows": np.array(rows),
        "classes": ("angry", "fear", "happy"),
        "split": "PublicTest",
        "digest": f"of {rows}",
        "model": f"model {seed}",
        "weights": str(seed),
    }
    return Predictions(**(values | changes))


def test_members_about_the_same_pictures_are_averaged():
    one, other = member([5, 2, 9], 1), member([5, 2, 9], 2)
    found = pooled([one, other], "both")
    expected = (one.probabilities + other.probabilities) / 2
    np.testing.assert_allclose(found.probabilities, expected, atol=1e-6)
    assert found.rows.tolist() == [5, 2, 9]
    assert (found.split, found.digest, found.model) == (one.split, one.digest, "both")
    assert (found.labels == one.labels).all()


def test_weights_of_an_ensemble_do_not_depend_on_the_order():
    one, other = member([1], 1), member([1], 2)
    assert pooled([one, other], "a").weights == pooled([other, one], "a").weights
    assert pooled([one, one], "a").weights != pooled([one, other], "a").weights


def test_an_ensemble_costs_what_its_members_cost_together(keep_run):
    cards = [
        parse_card((keep_run(name) / "card.json").read_text(), name)
        for name in ("one", "other")
    ]
    members = [member([5, 2], n, card=card) for n, card in enumerate(cards)]
    card = pooled(members, "both").card
    assert card.parameters == cards[0].parameters + cards[1].parameters
    assert card.multiply_adds == 80_000_000
    assert card.architecture == "mean of 2: drawn"
    assert card.selection == "best accuracy on PublicTest"
    assert pooled([members[0], member([5, 2], 3)], "a").card is None
    parts = [members[0], member([1], 4, card=cards[1])]
    assert pooled(parts, "teacher").card is None  # each picture has one of them


def test_parts_of_a_cross_validation_are_put_together():
    parts = [member([4, 1], 1, split="fold0"), member([0, 3], 2, split="fold1")]
    again = [member([4, 1], 3, split="fold0"), member([0, 3], 4, split="fold1")]
    found = pooled([*parts, *again], "teacher")
    assert found.rows.tolist() == [0, 1, 3, 4]
    assert found.labels.tolist() == [0, 1, 0, 1]
    expected = (parts[0].probabilities[0] + again[0].probabilities[0]) / 2
    np.testing.assert_allclose(found.probabilities[3], expected, atol=1e-6)
    assert found.split == "fold0; fold1"
    assert found.digest != parts[0].digest


def test_what_the_members_were_learned_from_is_listed_once():
    parts = [
        member([row], row, sources=sources)
        for row, sources in enumerate(["faces; weights", "votes; faces", ""])
    ]
    assert pooled(parts, "teacher").sources == "faces; weights; votes"


def test_rows_with_fewer_members_are_refused():
    with pytest.raises(DataError, match="row 4 is in 1 of the files and row 1 in 2"):
        pooled([member([4, 1], 1), member([1], 2)], "a")


def test_a_row_that_stands_for_another_picture_is_refused():
    other = member([4, 1], 2, labels=np.array([1, 2]), digest="another")
    with pytest.raises(DataError, match=r"row 1 has another label .* of model 2"):
        pooled([member([4, 1], 1), other], "a")


def test_other_classes_and_no_members_are_refused():
    other = member([1], 2, classes=("fear", "angry", "happy"))
    with pytest.raises(DataError, match="expected the same classes in the same order"):
        pooled([member([1], 1), other], "a")
    with pytest.raises(DataError, match="no predictions to average"):
        pooled([], "a")
