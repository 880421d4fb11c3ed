"""Text that a font can show; what it cannot is replaced where everybody sees it.

A PDF file shows nothing, or an empty box, for a letter that its font lacks. A note in
such letters would look as if somebody had written nothing.
"""

import unicodedata
from collections.abc import Container, Iterator
from itertools import groupby

JOINERS = "\u200c\u200d"  # Persian and Indian scripts are not legible without


def printable(text: str, letters: Container[int]) -> str:
    """The text with `[not printable: 3 characters]` in place of what cannot be shown.

    Characters that only steer (control characters, marks of direction) are left out,
    because one of them in a file's name could turn the words after it around.

    Args:
        text: anything that a person wrote.
        letters: the code points that the font has.
    """
    known = _without_steering(unicodedata.normalize("NFC", text))
    pieces = groupby(_kinds(known, letters), key=lambda pair: pair[1])
    return "".join(
        "".join(character for character, _ in run)
        if shown
        else _replacement([character for character, _ in run])
        for shown, run in ((key, list(run)) for key, run in pieces)
    ).strip()


def one_line(text: str) -> str:
    """The text without line breaks and doubled spaces."""
    return " ".join(text.split())


def is_right_to_left(text: str) -> bool:
    """Whether the first letter with a direction is Arabic, Hebrew or the like."""
    kinds = (unicodedata.bidirectional(character) for character in text)
    return next((kind for kind in kinds if kind in {"L", "R", "AL"}), "L") != "L"


def _without_steering(text: str) -> str:
    """Every kind of space as a plain one; no control characters."""
    lines = "\n".join(text.splitlines())
    return "".join(
        " " if character.isspace() and character != "\n" else character
        for character in lines
        if character.isspace()
        or character in JOINERS
        or unicodedata.category(character) not in {"Cc", "Cf"}
    )


def _kinds(text: str, letters: Container[int]) -> Iterator[tuple[str, bool]]:
    """Each character with whether it can be shown.

    A mark shares the fate of the letter that it stands on: alone it means nothing.
    """
    shown = True
    for character in text:
        if not _is_mark(character):
            shown = character == "\n" or ord(character) in letters
        elif shown and character not in JOINERS:
            shown = ord(character) in letters
        yield character, shown


def _is_mark(character: str) -> bool:
    """Whether it changes the character before it: an accent, a joiner, a skin tone."""
    if character in JOINERS:
        return True
    return unicodedata.category(character) in {"Mn", "Me"} or (
        0x1F3FB <= ord(character) <= 0x1F3FF
    )


def _replacement(run: list[str]) -> str:
    count = sum(not _is_mark(character) for character in run) or 1
    words = f"[not printable: {count} character{'s' * (count > 1)}]"
    return words.replace(" ", "\u00a0")  # stays on one line
