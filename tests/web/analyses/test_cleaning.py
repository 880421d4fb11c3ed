"""What is removed because nobody needs it any more, and what stays."""

import os
import shutil
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.utils import timezone

from mimika.web.accounts.models import User
from mimika.web.analyses import files
from mimika.web.analyses.cleaning import YOUNGEST_S, Cleaned, clean
from mimika.web.analyses.models import Analysis, State


def put(owner: User, days: int, state: State = State.DONE) -> Analysis:
    """An analysis of some days ago, with a picture."""
    created = timezone.now() - timedelta(days=days)
    analysis = Analysis.objects.create(owner=owner, created=created, state=state)
    make_folder(str(analysis.pk))
    return analysis


def make_folder(name: str, age_s: float = 2 * YOUNGEST_S) -> Path:
    """A folder with a picture, written some time ago."""
    folder = files.root() / name
    folder.mkdir(parents=True)
    (folder / "original.jpg").write_bytes(b"picture")
    past = time.time() - age_s
    os.utime(folder, (past, past))
    return folder


def folders() -> set[str]:
    return {folder.name for folder in files.root().glob("*/")}


def test_where_nothing_was_ever_sent_there_is_nothing_to_remove(db: None) -> None:
    assert clean(1) == Cleaned(folders=0, results=0)


def test_a_folder_without_a_row_goes_and_one_with_a_row_stays(alice: User) -> None:
    kept = put(alice, days=1)
    make_folder(str(uuid4()))
    make_folder("not-one-of-our-names")
    assert clean(None) == Cleaned(folders=2, results=0)
    assert folders() == {str(kept.pk)}
    assert files.path_of(kept.pk, "original").read_bytes() == b"picture"


def test_a_young_folder_may_still_get_its_row(db: None) -> None:
    folder = make_folder(str(uuid4()), age_s=YOUNGEST_S - 60)
    assert clean(None) == Cleaned(folders=0, results=0)
    assert folder.exists()


@pytest.mark.django_db(transaction=True)
def test_results_go_when_they_are_older_than_they_are_kept(alice: User) -> None:
    old = put(alice, days=31)
    failed = put(alice, days=40, state=State.FAILED)
    young = put(alice, days=29)
    assert clean(30) == Cleaned(folders=0, results=2)
    assert list(Analysis.objects.all()) == [young]
    assert not files.folder_of(old.pk).exists()
    assert not files.folder_of(failed.pk).exists()
    assert files.folder_of(young.pk).exists()


def test_without_a_number_of_days_results_are_kept_for_ever(alice: User) -> None:
    put(alice, days=10_000)
    assert clean(None) == Cleaned(folders=0, results=0)
    assert Analysis.objects.count() == 1


@pytest.mark.parametrize("state", [State.QUEUED, State.RUNNING])
def test_what_still_waits_stays(state: State, alice: User) -> None:
    waiting = put(alice, days=365, state=state)
    assert clean(1) == Cleaned(folders=0, results=0)
    assert folders() == {str(waiting.pk)}


def test_the_count_of_computations_stays(
    result: Analysis, alice: User, queue: Callable[[], int]
) -> None:
    Analysis.objects.update(created=timezone.now() - timedelta(days=9))
    assert clean(8).results == 1
    alice.refresh_from_db()
    assert alice.computations == 1


def test_a_folder_that_its_owner_deletes_at_the_same_moment_is_no_error(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, left = make_folder(str(uuid4())), make_folder(str(uuid4()))
    listed = Path.glob

    def glob(path: Path, pattern: str) -> list[Path]:
        found = list(listed(path, pattern))
        shutil.rmtree(gone, ignore_errors=True)
        return found

    monkeypatch.setattr(Path, "glob", glob)
    assert clean(None) == Cleaned(folders=1, results=0)
    assert not left.exists()
