"""What `mimika web clean` removes in all parts of the application."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from mimika.web.analyses.models import Analysis
from mimika.web.housekeeping import clean_up
from mimika.web.throttles.bucket import PERIOD_MS, take
from mimika.web.throttles.models import Throttle

PICTURES, RESULTS, LIMITS = (
    "pictures without a result",
    "results that were kept long enough",
    "limits that are over",
)


def age(days: int) -> None:
    """Makes all results so many days old."""
    Analysis.objects.update(created=timezone.now() - timedelta(days=days))


def test_where_everything_is_needed_nothing_goes(
    result: Analysis, as_alice: Client, media: Path
) -> None:
    take("uploads", "somebody")
    assert clean_up(None) == {PICTURES: 0, RESULTS: 0, LIMITS: 0}
    assert as_alice.get(result.get_absolute_url()).status_code == 200
    assert len(list(media.glob("analyses/*/original.jpg"))) == 1


@pytest.mark.parametrize(
    ("asked", "setting", "removed"),
    [(None, None, 0), (None, 7, 1), (7, None, 1), (30, 7, 0), (7, 30, 1)],
)
def test_results_are_kept_as_long_as_asked_or_else_as_the_setting_says(
    asked: int | None,
    setting: int | None,
    removed: int,
    result: Analysis,
    settings: Any,
) -> None:
    age(8)
    settings.MIMIKA_KEEP_DAYS = setting
    assert clean_up(asked)[RESULTS] == removed
    assert Analysis.objects.count() == 1 - removed


def test_sessions_that_are_over_go_and_the_others_stay(
    as_alice: Client, as_charlie: Client
) -> None:
    over = as_charlie.session.session_key
    past = timezone.now() - timedelta(seconds=1)
    Session.objects.filter(session_key=over).update(expire_date=past)
    clean_up(None)
    assert list(Session.objects.values_list("pk", flat=True)) == [
        as_alice.session.session_key
    ]
    assert as_alice.get("/").status_code == 200
    assert as_charlie.get("/").status_code == 302


def test_limits_that_are_over_go_and_the_others_hold(db: None) -> None:
    take("uploads", "long ago")
    Throttle.objects.update(full_at_ms=timezone.now().timestamp() * 1000 - PERIOD_MS)
    take("uploads", "just now")
    assert clean_up(None)[LIMITS] == 1
    assert Throttle.objects.count() == 1


def test_a_second_time_there_is_nothing_left_to_do(
    result: Analysis, queue: Callable[[], int]
) -> None:
    age(2)
    assert clean_up(1)[RESULTS] == 1
    assert set(clean_up(1).values()) == {0}
    assert queue() == 0
