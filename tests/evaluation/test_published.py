"""Published figures: the file in the package, and what is refused."""

import pytest

from mimika.core.errors import DataError
from mimika.evaluation.published import load_published, parse_published

ROW = """
[[model]]
name = "Net"
accuracy = 0.7
split = "PrivateTest"
standing = "clean"
selection = "best on PublicTest"
inference = "single network"
pretraining = "none"
source = "a paper"
doubt = "One seed."
"""


def by_name():
    return {row.name: row for row in load_published()}


def test_the_file_in_the_package_has_comparable_figures_first_from_high_to_low():
    rows = load_published()
    assert len(rows) > 40
    order = [(not row.comparable, -row.accuracy) for row in rows]
    assert order == sorted(order)
    assert {row.standing for row in rows} == {
        "clean",
        "not audited",
        "chosen on the test",
        "wrong split",
        "leaked",
        "extra data",
    }


def test_swapped_splits_and_leaks_are_named_and_cannot_be_compared():
    rows = by_name()
    swapped = rows["Khaireddin and Chen, VGG"]
    assert (swapped.split, swapped.standing) == ("PublicTest", "wrong split")
    assert "PrivateTest drove" in swapped.doubt
    assert rows["ResEmoteNet"].standing == rows["PAtt-Lite"].standing == "leaked"
    for name in (
        "Khaireddin and Chen, VGG",
        "ResEmoteNet",
        "LetheSec, ResNet18 with tricks",
    ):
        assert not rows[name].comparable
    assert rows["Tang, CNN with SVM loss (winner 2013)"].comparable
    assert rows["Residual masking network"].comparable


def test_figures_written_down_from_memory_say_so():
    rows = by_name()
    for name in ("EmoNeXt-T", "EmoNeXt-XL", "PAtt-Lite", "Khanzada et al."):
        assert "not checked" in rows[name].doubt


def test_a_row_is_a_value():
    (row,) = parse_published(ROW, "x.toml")
    assert (row.name, row.accuracy, row.parameters) == ("Net", 0.7, None)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("model = [", "x.toml: not a list of published figures"),
        ("other = 1", "expected TOML with a table"),
        (ROW.replace("0.7", "70.0"), r"table 1: accuracy: .*less than 1"),
        (ROW.replace('"clean"', '"fine"'), "table 1: standing"),
        (ROW.replace("doubt", "doubts"), "table 1: doubt: Field required"),
        (ROW.replace('"One seed."', '""'), "table 1: doubt"),
        (ROW + ROW, "'Net' stands twice"),
        ("model = [3]", "table 1: the whole table"),
    ],
)
def test_what_is_no_published_figure_is_refused(text, message):
    with pytest.raises(DataError, match=message):
        parse_published(text, "x.toml")
