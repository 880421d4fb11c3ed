"""Results from before the queue are still there after it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from mimika.web.accounts.models import User
from mimika.web.analyses.models import Analysis, State

BEFORE = [("analyses", "0001_initial"), ("accounts", "0001_initial")]
FIRST, SECOND = datetime(2026, 1, 3, 8, tzinfo=UTC), datetime(2026, 2, 4, 9, tzinfo=UTC)


def migrate(targets: list[tuple[str, str]]) -> Any:
    """The models as they were with these migrations."""
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets).apps


@pytest.fixture
def former(transactional_db: None) -> Iterator[Any]:
    """The models before the queue, in a database of that time."""
    latest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    yield migrate(BEFORE)
    migrate(latest)


def test_former_results_are_done_found_and_counted(
    former: Any, make_answer: Any
) -> None:
    owner = former.get_model("accounts", "User").objects.create(
        username="alice", email="alice@example.org"
    )
    answers = [make_answer("happy", "sad"), make_answer()]
    for created, answer in zip((FIRST, SECOND), answers, strict=True):
        former.get_model("analyses", "Analysis").objects.create(
            owner=owner,
            created=created,
            note="At  the\nSea",
            original_name="IMG_1.JPG",
            result=answer.model_dump(mode="json"),
        )
    migrate(MigrationExecutor(connection).loader.graph.leaf_nodes())

    kept = list(Analysis.objects.order_by("created"))
    assert [(one.state, one.finished) for one in kept] == [
        (State.DONE, FIRST),
        (State.DONE, SECOND),
    ]
    assert [one.answer for one in kept] == answers
    assert {one.words for one in kept} == {"at the sea img_1.jpg"}
    faces = kept[0].faces.values_list("number", "label", "probability", "opinion")
    assert list(faces) == [(1, "happy", 0.7, ""), (2, "sad", 0.7, "")]
    assert not kept[1].faces.exists()
    alice = User.objects.get()
    assert (alice.computations, alice.first_used, alice.last_used) == (2, FIRST, SECOND)


def test_who_had_no_results_has_no_computations(former: Any) -> None:
    former.get_model("accounts", "User").objects.create(username="bob", email="b@x.org")
    migrate(MigrationExecutor(connection).loader.graph.leaf_nodes())
    bob = User.objects.get()
    assert (bob.computations, bob.first_used, bob.last_used) == (0, None, None)
