"""What may happen to a queued picture, and that it happens once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mimika.core.results import Analysis as Answer
from mimika.web.accounts.models import User
from mimika.web.analyses import states
from mimika.web.analyses.models import Analysis, State

Answers = Callable[..., Answer]


def put(owner: User, **fields: Any) -> Analysis:
    return Analysis.objects.create(owner=owner, **fields)


def claimed() -> Analysis:
    analysis = states.claim_next()
    assert analysis is not None
    return analysis


def let_claims_run_out() -> None:
    past = timezone.now() - timedelta(seconds=1)
    Analysis.objects.filter(state=State.RUNNING).update(claimed_until=past)


def test_what_has_waited_longest_is_begun_first(alice: User) -> None:
    now = timezone.now()
    late = put(alice, due=now - timedelta(seconds=1))
    early = put(alice, due=now - timedelta(seconds=9))
    put(alice, due=now + timedelta(seconds=60))
    assert [claimed().pk, claimed().pk] == [early.pk, late.pk]
    assert states.claim_next() is None


def test_a_claim_is_of_one_alone_until_it_runs_out(alice: User) -> None:
    put(alice)
    first = claimed()
    assert (first.state, first.attempts) == (State.RUNNING, 1)
    assert states.claim_next() is None
    let_claims_run_out()
    second = claimed()
    assert second.attempts == 2
    assert second.claim != first.claim


def test_who_says_to_be_alive_keeps_the_claim(alice: User) -> None:
    put(alice)
    first = claimed()
    let_claims_run_out()
    assert first.claim is not None
    states.keep([first.claim])
    assert states.claim_next() is None


def test_an_answer_is_stored_with_its_faces_and_counted(
    alice: User, make_answer: Answers
) -> None:
    put(alice)
    assert states.finish(claimed(), make_answer("happy", "sad"))
    done = Analysis.objects.get()
    assert done.is_done
    assert done.answer == make_answer("happy", "sad")
    faces = done.faces.values_list("number", "label", "opinion")
    assert list(faces) == [(1, "happy", ""), (2, "sad", "")]
    alice.refresh_from_db()
    assert alice.computations == 1
    assert alice.first_used == alice.last_used
    assert alice.first_used is not None


def test_a_second_computation_leaves_the_first_date(
    alice: User, make_answer: Answers
) -> None:
    for _ in range(2):
        put(alice)
        states.finish(claimed(), make_answer("happy"))
    alice.refresh_from_db()
    assert alice.computations == 2
    assert alice.first_used is not None
    assert alice.last_used is not None
    assert alice.first_used < alice.last_used


def test_who_lost_the_claim_changes_and_counts_nothing(
    alice: User, make_answer: Answers
) -> None:
    put(alice)
    slow = claimed()
    let_claims_run_out()
    quick = claimed()
    assert states.finish(quick, make_answer("happy"))
    assert not states.finish(slow, make_answer("sad"))
    assert not states.fail(slow, "x")
    assert not states.postpone(slow, "x", 1, crashed=True)
    done = Analysis.objects.get()
    assert done.answer == make_answer("happy")
    assert done.faces.count() == 1
    alice.refresh_from_db()
    assert alice.computations == 1


def test_an_answer_to_a_deleted_picture_is_dropped(
    alice: User, make_answer: Answers
) -> None:
    put(alice)
    analysis = claimed()
    Analysis.objects.all().delete()
    assert not states.finish(analysis, make_answer("happy"))
    alice.refresh_from_db()
    assert alice.computations == 0


def test_what_is_put_off_waits_and_says_why(alice: User) -> None:
    put(alice)
    assert states.postpone(claimed(), "busy", 30, crashed=True)
    assert states.claim_next() is None
    waiting = Analysis.objects.get()
    assert (waiting.state, waiting.problem) == (State.QUEUED, "busy")
    assert waiting.crashes == 1
    assert waiting.due > timezone.now() + timedelta(seconds=25)


def test_what_failed_can_be_tried_again_and_what_is_done_cannot(
    alice: User, make_answer: Answers
) -> None:
    put(alice)
    states.fail(claimed(), "no picture")
    failed = Analysis.objects.get()
    assert (failed.state, failed.problem) == (State.FAILED, "no picture")
    assert states.claim_next() is None
    assert states.try_again(failed)
    assert states.finish(claimed(), make_answer("happy"))
    assert not states.try_again(failed)


def test_what_is_given_back_is_free_at_once(alice: User) -> None:
    put(alice)
    first = claimed()
    assert first.claim is not None
    states.release([first.claim])
    assert claimed().pk == first.pk


def test_pauses_grow_to_half_a_minute_and_add_what_was_asked() -> None:
    for attempts, longest in ((1, 0.5), (2, 1), (4, 4), (50, 30)):
        for _ in range(20):
            assert longest / 2 <= states.pause_s(attempts) <= longest
    assert 7.25 <= states.pause_s(1, 7) <= 7.5


@pytest.mark.django_db(transaction=True)
def test_of_several_at_once_each_gets_another_and_all_are_counted(
    alice: User, make_answer: Answers
) -> None:
    for _ in range(12):
        put(alice)
    answer = make_answer("happy")

    def work(_: int) -> list[Any]:
        done = []
        while (analysis := states.claim_next()) is not None:
            states.finish(analysis, answer)
            done.append(analysis.pk)
        connections.close_all()
        return done

    with ThreadPoolExecutor(4) as pool:
        done = [pk for part in pool.map(work, range(4)) for pk in part]
    assert len(done) == len(set(done)) == 12
    alice.refresh_from_db()
    assert alice.computations == 12


@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads SQLite's plan")
def test_the_queue_is_found_by_its_index_however_many_are_done(alice: User) -> None:
    put(alice)
    with CaptureQueriesContext(connection) as captured:
        claimed()
    looked = captured.captured_queries[0]["sql"]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {looked}")
        steps = [row[-1] for row in cursor.fetchall()]
    assert "SCAN analyses_analysis" not in steps
    assert any("analyses_to_do" in step for step in steps)
