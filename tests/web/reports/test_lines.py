import pytest

from mimika.web.reports.lines import Run, longest_start, runs, wrap


def measure(text: str) -> float:
    """Each character is one wide."""
    return len(text)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("one", ["one"]),
        ("one two three", ["one two", "three"]),
        ("a abcdefghijk b", ["a", "abcdefgh", "ijk b"]),
        ("abcdefghabcdefgh", ["abcdefgh", "abcdefgh"]),
    ],
)
def test_paragraphs_break_at_spaces_or_where_a_word_is_too_long(
    text: str, lines: list[str]
) -> None:
    assert list(wrap(text, measure, 8)) == lines


def test_nothing_is_lost_where_not_even_one_letter_fits() -> None:
    assert list(wrap("abc", measure, 0.5)) == ["a", "b", "c"]


def test_the_longest_start_fits() -> None:
    assert longest_start("abcdef", measure, 3.5) == "abc"
    assert longest_start("abc", measure, 9) == "abc"
    assert longest_start("abc", measure, 0) == "a"


# Capitals below stand for Hebrew letters, as in the Unicode standard's own examples.
def hebrew(text: str) -> str:
    return "".join(chr(ord(c) + 0x5D0 - 65) if c.isupper() else c for c in text)


def seen(text: str, *, leftwards: bool) -> str:
    """What stands on paper, from left to right."""
    mirrored = str.maketrans("()", ")(")
    return "".join(
        run.text[::-1].translate(mirrored) if run.leftwards else run.text
        for run in runs(hebrew(text), leftwards=leftwards)
    )


@pytest.mark.parametrize(
    ("text", "leftwards", "paper"),
    [
        ("one two", False, "one two"),
        ("ABC", True, "CBA"),
        ("car is ABC", False, "car is CBA"),
        ("ABC is car", True, "is car CBA"),
        # a number stays as it is, and the words around it still run leftwards
        ("in AB 12 CD out", False, "in DC 12 BA out"),
        ("AB 12 CD", True, "DC 12 BA"),
        ("AB (xy) CD.", True, ".DC (xy) BA"),
    ],
)
def test_a_line_is_ordered_as_the_standard_asks(
    text: str, leftwards: bool, paper: str
) -> None:
    assert seen(text, leftwards=leftwards) == hebrew(paper)


def test_an_empty_line_has_no_runs() -> None:
    assert runs("", leftwards=False) == []


def test_a_run_keeps_its_letters_in_the_order_of_reading() -> None:
    assert runs("a שלום", leftwards=False) == [Run("a ", False), Run("שלום", True)]
