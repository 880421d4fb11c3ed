"""What the history finds."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from mimika.web.accounts.models import User
from mimika.web.analyses.listing import for_lists, matching
from mimika.web.analyses.models import Analysis, Face, State, words_of


def put(owner: User, title: str, day: int, *labels: str, **fields: Any) -> None:
    analysis = Analysis.objects.create(
        owner=owner,
        title=title,
        words=words_of(title, fields.get("note", "")),
        created=datetime(2026, 11, day, 12, tzinfo=UTC),
        **fields,
    )
    for number, label in enumerate(labels, start=1):
        Face.objects.create(
            analysis=analysis, number=number, label=label, probability=0.9
        )


@pytest.fixture
def person(alice: User, charlie: User) -> User:
    put(alice, "Sea", 3, "happy", "sad", state=State.DONE, note="with Ёлка")
    put(alice, "Mountain", 5, "happy", "happy", state=State.DONE)
    put(alice, "Broken", 7, state=State.FAILED, taken=date(2026, 1, 1))
    put(charlie, "Sea of others", 4, "happy", state=State.DONE)
    return alice


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["Broken", "Mountain", "Sea"]),
        ({"q": "SEA"}, ["Sea"]),
        ({"q": "ёЛКА with"}, ["Sea"]),
        ({"q": "%"}, []),
        ({"emotion": "happy"}, ["Mountain", "Sea"]),
        ({"emotion": "sad"}, ["Sea"]),
        ({"state": "failed"}, ["Broken"]),
        ({"since": date(2026, 11, 5)}, ["Broken", "Mountain"]),
        ({"until": date(2026, 11, 5)}, ["Mountain", "Sea"]),
        ({"since": date(2026, 11, 5), "until": date(2026, 11, 5)}, ["Mountain"]),
        ({"emotion": "happy", "q": "sea"}, ["Sea"]),
        ({"sort": "oldest"}, ["Sea", "Mountain", "Broken"]),
        ({"sort": "title"}, ["Broken", "Mountain", "Sea"]),
        ({"sort": "nonsense"}, ["Broken", "Mountain", "Sea"]),
    ],
)
def test_results_are_found_by_what_is_asked(
    asked: dict[str, Any], found: list[str], person: User
) -> None:
    assert [x.title for x in matching(person, asked)] == found


def test_a_list_does_not_fetch_the_answers(
    person: User, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(2):
        shown = [(x.title, x.summary) for x in for_lists(matching(person, {}))]
    assert shown == [
        ("Broken", "No face found"),
        ("Mountain", "Happy (2)"),
        ("Sea", "Happy, Sad"),
    ]
