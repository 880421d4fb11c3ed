from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from mimika.web.throttles import bucket
from mimika.web.throttles.bucket import Wait, clean, give_back, take
from mimika.web.throttles.models import Throttle

pytestmark = pytest.mark.django_db
NOON_MS = 1_800_000_000_000


@pytest.fixture(autouse=True)
def quota(settings: Any) -> None:
    settings.THROTTLES_PER_HOUR = {"uploads": 3, "other": 3}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Sets the time to so many minutes after noon; at first it is noon."""

    def set_to(minutes: float) -> None:
        now_ms = NOON_MS + int(60_000 * minutes)
        monkeypatch.setattr(bucket, "_now_ms", lambda: now_ms)

    set_to(0)
    return set_to


def test_the_quota_is_given_at_once_and_then_no_more(clock: object) -> None:
    answers = [take("uploads", 1) for _ in range(4)]
    assert answers == [None, None, None, Wait(1200)]


def test_tokens_flow_back_evenly(clock: Callable[[float], None]) -> None:
    for _ in range(3):
        take("uploads", 1)
    clock(19.5)
    assert take("uploads", 1) == Wait(30)
    clock(20)
    assert take("uploads", 1) is None
    assert take("uploads", 1) == Wait(1200)


def test_a_long_pause_gives_no_more_than_the_quota(
    clock: Callable[[float], None],
) -> None:
    take("uploads", 1)
    clock(10_000)
    assert [take("uploads", 1) is None for _ in range(4)] == [True, True, True, False]


def test_people_and_rules_have_buckets_of_their_own(clock: object) -> None:
    for _ in range(3):
        take("uploads", 1)
    assert take("uploads", 1) is not None
    assert take("uploads", 2) is None
    assert take("other", 1) is None


def test_several_tokens_are_taken_together_or_not_at_all(clock: object) -> None:
    assert take("uploads", 1, cost=2) is None
    assert take("uploads", 1, cost=2) == Wait(1200)
    assert take("uploads", 1, cost=1) is None


def test_more_than_the_quota_is_never_given(clock: object) -> None:
    assert take("uploads", 1, cost=4) == Wait(3600)
    assert not Throttle.objects.exists()


def test_a_token_that_is_given_back_can_be_taken_again(clock: object) -> None:
    for _ in range(3):
        take("uploads", 1)
    give_back("uploads", 1)
    assert take("uploads", 1) is None
    assert take("uploads", 1) is not None


def test_giving_back_what_was_not_taken_does_not_raise_the_quota(
    clock: object,
) -> None:
    take("uploads", 1)
    for _ in range(5):
        give_back("uploads", 1)
    assert [take("uploads", 1) is None for _ in range(4)] == [True, True, True, False]


def test_neither_names_nor_addresses_are_stored(clock: object, settings: Any) -> None:
    take("uploads", "alice@example.org")
    row = Throttle.objects.get()
    assert "alice" not in row.key
    assert len(row.key) == 64
    settings.SECRET_KEY = "another"  # noqa: S105  of this test
    take("uploads", "alice@example.org")
    assert Throttle.objects.exclude(key=row.key).count() == 1


def test_full_buckets_are_removed_and_others_stay(
    clock: Callable[[float], None],
) -> None:
    take("uploads", 1)
    take("uploads", 2, cost=3)
    at = NOON_MS / 1000 + 21 * 60
    assert clean(datetime.fromtimestamp(at, UTC)) == 1
    clock(21)
    assert take("uploads", 2, cost=3) is not None


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "1 second"), (90, "90 seconds"), (91, "2 minutes"), (3600, "60 minutes")],
)
def test_the_wait_is_said_in_words(seconds: int, words: str) -> None:
    assert Wait(seconds).words == words
