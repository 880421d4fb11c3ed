"""What is to be done, by whom, and how it ends: the only place that changes a state.

    queued -> running -> done | failed | queued (again later)

A process claims a row by an UPDATE that only one of several can win. It keeps the row
for `LEASE_S` and says again and again that it lives; a row whose process has died is
free when that time is over. Whatever ends a piece of work checks the claim in the same
UPDATE, so that a process that was slow, or believed dead, changes nothing any more and
a computation is counted once.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from random import uniform
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from mimika.core import results
from mimika.web.accounts.models import User
from mimika.web.analyses.models import Analysis, Face, State

LEASE_S = 10.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 30.0
MOST_CRASHES = 3  # pictures over which the service breaks this often have failed


def claim_next() -> Analysis | None:
    """Claims what has waited longest; None where nothing is to be done now."""
    now = timezone.now()
    free = Q(state=State.QUEUED, due__lte=now) | Q(
        state=State.RUNNING, claimed_until__lt=now
    )
    for identifier, held_by in _oldest(free):
        token = uuid4()
        won = Analysis.objects.filter(free, pk=identifier, claim=held_by).update(
            state=State.RUNNING,
            claim=token,
            claimed_until=now + timedelta(seconds=LEASE_S),
            began=now,
            attempts=F("attempts") + 1,
        )
        if won:
            return Analysis.objects.filter(pk=identifier, claim=token).first()
    return None


def _oldest(free: Q) -> list[tuple[UUID, UUID | None]]:
    rows = Analysis.objects.filter(free).order_by("due")
    return list(rows.values_list("pk", "claim")[:8])  # others may win the first ones


def keep(claims: Collection[UUID]) -> None:
    """Says that the work under these claims goes on."""
    until = timezone.now() + timedelta(seconds=LEASE_S)
    Analysis.objects.filter(claim__in=claims, state=State.RUNNING).update(
        claimed_until=until
    )


def finish(analysis: Analysis, answer: results.Analysis) -> bool:
    """Stores an answer and counts the computation, both or neither.

    Returns:
        Whether the claim still held; otherwise nothing has changed.
    """
    now = timezone.now()
    with transaction.atomic():
        if not _held(analysis).update(
            state=State.DONE,
            result=answer.model_dump(mode="json"),
            finished=now,
            problem="",
            claim=None,
            claimed_until=None,
        ):
            return False
        Face.objects.filter(analysis=analysis).delete()
        Face.objects.bulk_create(
            Face(
                analysis=analysis,
                number=number,
                label=face.label,
                probability=face.probability,
            )
            for number, face in enumerate(answer.faces, start=1)
        )
        count_computation(analysis.owner_id, now)
    return True


def count_computation(person: int, now: datetime) -> None:
    """Adds one to a person's computations."""
    User.objects.filter(pk=person).update(
        computations=F("computations") + 1,
        first_used=Coalesce("first_used", now),
        last_used=now,
    )


def fail(analysis: Analysis, problem: str) -> bool:
    """Gives an analysis up; its owner may try it again."""
    done = _held(analysis).update(
        state=State.FAILED,
        problem=problem,
        finished=timezone.now(),
        claim=None,
        claimed_until=None,
    )
    return bool(done)


def postpone(analysis: Analysis, problem: str, pause_s: float, crashed: bool) -> bool:
    """Has an analysis wait until it is tried again.

    Args:
        analysis: a claimed one.
        problem: why, for people.
        pause_s: how long.
        crashed: whether the service broke over this picture.
    """
    done = _held(analysis).update(
        state=State.QUEUED,
        problem=problem,
        due=timezone.now() + timedelta(seconds=pause_s),
        crashes=F("crashes") + int(crashed),
        claim=None,
        claimed_until=None,
    )
    return bool(done)


def release(claims: Collection[UUID]) -> None:
    """Gives work back that was begun and cannot be finished here."""
    Analysis.objects.filter(claim__in=claims, state=State.RUNNING).update(
        state=State.QUEUED, due=timezone.now(), claim=None, claimed_until=None
    )


def try_again(analysis: Analysis) -> bool:
    """Queues a failed analysis again."""
    done = Analysis.objects.filter(pk=analysis.pk, state=State.FAILED).update(
        state=State.QUEUED,
        problem="",
        due=timezone.now(),
        crashes=0,
        attempts=0,
        finished=None,
    )
    return bool(done)


def pause_s(attempts: int, asked_s: float = 0) -> float:
    """How long to wait: twice as long after each attempt, up to half a minute.

    It is drawn from its half to its whole, so that what failed together does not come
    back together.

    Args:
        attempts: how often it was tried.
        asked_s: what the service asked for, waited in any case.
    """
    grown = FIRST_PAUSE_S * 2.0 ** min(attempts - 1, 10)
    return asked_s + min(grown, LONGEST_PAUSE_S) * uniform(0.5, 1)  # noqa: S311


def _held(analysis: Analysis) -> QuerySet[Analysis]:
    return Analysis.objects.filter(
        pk=analysis.pk, claim=analysis.claim, state=State.RUNNING
    )
