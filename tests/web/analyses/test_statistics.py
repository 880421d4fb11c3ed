"""What a person's results say together."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from mimika.core.tasks import EMOTION
from mimika.web.accounts.models import User
from mimika.web.analyses.models import Analysis, Face, State
from mimika.web.analyses.statistics import agreement_of, emotions_of, months_of

PAGE = "/analyses/statistics/"


def put(owner: User, created: datetime, state: str = State.DONE) -> Analysis:
    return Analysis.objects.create(owner=owner, created=created, state=state)


def body(client: Client) -> str:
    return client.get(PAGE).content.decode()


def test_each_emotion_has_a_bar_relative_to_the_longest() -> None:
    bars = emotions_of([("", "happy", 3), ("sad", "happy", 1), ("", "sad", 1)])
    assert [bar.name for bar in bars] == [label.name for label in EMOTION.labels]
    found = {bar.name: (bar.count, bar.width) for bar in bars}
    assert found["Happy"] == (4, "100.00")
    assert found["Sad"] == (1, "25.00")
    assert found["Fear"] == (0, "0.00")


def test_without_any_face_all_bars_are_empty() -> None:
    assert {(bar.count, bar.width) for bar in emotions_of([])} == {(0, "0.00")}


def test_months_run_over_the_end_of_a_year_and_show_their_gaps(alice: User) -> None:
    for year, month, day in [(2025, 11, 3), (2025, 11, 30), (2026, 1, 1)]:
        put(alice, datetime(year, month, day, tzinfo=UTC))
    put(alice, datetime(2026, 2, 1, tzinfo=UTC), State.FAILED)
    months = [(month.name, month.count, month.width) for month in months_of(alice)]
    assert months == [
        ("November 2025", 2, "100.00"),
        ("December 2025", 0, "0.00"),
        ("January 2026", 1, "50.00"),
    ]


def test_of_a_long_time_the_latest_twelve_months_are_shown(alice: User) -> None:
    for year, month in [(2025, 3), (2025, 4), (2026, 3)]:
        put(alice, datetime(year, month, 15, tzinfo=UTC))
    names = [month.name for month in months_of(alice)]
    assert len(names) == 12
    assert (names[0], names[-1]) == ("April 2025", "March 2026")


def test_a_month_begins_at_midnight_where_the_server_is(alice: User) -> None:
    put(alice, datetime(2026, 6, 30, 23, 30, tzinfo=UTC))
    with timezone.override("Asia/Tokyo"):
        assert [month.name for month in months_of(alice)] == ["July 2026"]
    assert [month.name for month in months_of(alice)] == ["June 2026"]


def test_nobody_has_months_before_the_first_result(alice: User) -> None:
    assert months_of(alice) == []


def test_agreement_counts_the_faces_of_which_something_was_said() -> None:
    counts = [
        ("", "happy", 50),
        ("happy", "happy", 3),
        ("sad", "happy", 1),
        ("sad", "sad", 2),
    ]
    found = agreement_of(counts)
    assert (found.judged, found.agreed, found.percent) == (6, 5, 83)
    sad = next(row for row in found.rows if row.name == "Sad")
    said = dict(zip(EMOTION.keys, sad.cells, strict=True))
    assert said["happy"] == (1, False)
    assert said["sad"] == (2, True)
    assert sad.total == 3


def test_without_an_opinion_the_agreement_is_zero() -> None:
    found = agreement_of([("", "happy", 4)])
    assert (found.judged, found.agreed, found.percent) == (0, 0, 0)
    assert {row.total for row in found.rows} == {0}


def test_the_page_shows_faces_months_and_agreement(
    as_alice: Client, result: Analysis
) -> None:
    Face.objects.update(opinion="happy")
    html = body(as_alice)
    assert f"{result.created:%B %Y}" in html
    assert "You agreed with 1 of 1 answer (100 %)." in html
    assert "There is nothing to count yet." not in html


def test_before_the_first_opinion_the_page_says_where_to_give_one(
    as_alice: Client, result: Analysis
) -> None:
    assert "you can say whether you agree" in body(as_alice)


def test_before_the_first_result_the_page_leads_to_the_form(as_alice: Client) -> None:
    html = body(as_alice)
    assert "There is nothing to count yet." in html
    assert 'href="/analyses/new/"' in html


def test_other_peoples_results_are_not_counted(
    as_charlie: Client, result: Analysis
) -> None:
    assert "There is nothing to count yet." in body(as_charlie)


def test_strangers_are_asked_to_log_in(db: None) -> None:
    assert Client().get(PAGE).headers["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("many", [1, 30])
def test_more_results_do_not_take_more_queries(
    many: int, as_alice: Client, alice: User, django_assert_num_queries: Any
) -> None:
    for day in range(many):
        put(alice, datetime(2026, 1, 1 + day, tzinfo=UTC))
    with django_assert_num_queries(5):  # session, person, faces, latest, months
        as_alice.get(PAGE)
