import pytest
from fontTools.ttLib import TTFont

from mimika.reporting.annotate import FONT_FILE
from mimika.web.reports.printable import is_right_to_left, one_line, printable


@pytest.fixture(scope="module")
def letters() -> set[int]:
    """What the font of the reports has."""
    with TTFont(FONT_FILE, lazy=True) as font:
        return set(font.getBestCmap())


@pytest.mark.parametrize(
    "text",
    ["Zoë", "Праздник", "Ελλάδα", "عيد ميلاد", "שלום", "a — b", "\u263a", "1\n2", ""],
)
def test_text_that_the_font_has_stays_as_it_is(text: str, letters: set[int]) -> None:
    assert printable(text, letters) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("祖母", "[not printable: 2 characters]"),
        ("a 祖 b", "a [not printable: 1 character] b"),
        ("x🎉🎂y", "x[not printable: 2 characters]y"),
        ("👩\u200d👩\u200d👧", "[not printable: 3 characters]"),  # joined into one
        ("👍\U0001f3fd", "[not printable: 1 character]"),  # with a skin tone
        ("क\u094d\u200dष", "[not printable: 2 characters]"),
        ("\ue123\ufdd0", "[not printable: 2 characters]"),  # no letters at all
        ("\ud800", "[not printable: 1 character]"),  # half a character
    ],
)
def test_text_that_the_font_lacks_is_replaced_where_all_see_it(
    text: str, shown: str, letters: set[int]
) -> None:
    assert printable(text, letters).replace("\u00a0", " ") == shown


def test_a_replacement_is_not_broken_over_two_lines(letters: set[int]) -> None:
    assert " " not in printable("祖母", letters)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("a\u200bb\ufeffc\u00add", "abcd"),
        ("a\x00b\x1b[0m", "ab[0m"),
        ("a\tb\u3000c\u00a0d", "a b c d"),
        ("a\r\nb\u2028c\x0bd", "a\nb\nc\nd"),
        ("e\u0301", "é"),
        ("  a  ", "a"),
        ("می\u200cرود", "می\u200cرود"),  # Persian: part of the spelling
    ],
)
def test_characters_that_only_steer_are_left_out(
    text: str, shown: str, letters: set[int]
) -> None:
    assert printable(text, letters) == shown


def test_one_line_has_no_breaks() -> None:
    assert one_line(" a\n\nb\tc ") == "a b c"


@pytest.mark.parametrize(
    ("text", "leftwards"),
    [
        ("abc", False),
        ("عيد abc", True),
        ("שלום", True),
        ("12 (عيد)", True),
        ("", False),
    ],
)
def test_the_first_letter_gives_the_direction(text: str, leftwards: bool) -> None:
    assert is_right_to_left(text) is leftwards
