"""What an analysis tells of itself."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError
from django.utils import timezone

from mimika.core.results import Analysis as Answer
from mimika.web.accounts.models import User
from mimika.web.analyses.models import Analysis, Face, State, words_of
from mimika.web.analyses.service import ClientTwin


def test_a_stored_result_is_the_answer_that_was_given(
    result: Analysis, twin: ClientTwin
) -> None:
    result.refresh_from_db()
    assert isinstance(result.answer, Answer)
    assert result.answer == twin.answer


def test_as_text_an_analysis_says_nothing_that_its_owner_wrote(
    result: Analysis,
) -> None:
    result.title = "Secret"
    assert str(result) == f"analysis {result.pk}"
    assert str(result.faces.get()) == f"face 1 of {result.pk}"


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"title": "Sea", "original_name": "a.jpg"}, "Sea"),
        ({"original_name": "a.jpg"}, "a.jpg"),
        ({}, "picture"),
    ],
)
def test_it_is_called_by_its_title_its_file_or_a_plain_word(
    fields: dict[str, Any], name: str
) -> None:
    assert Analysis(**fields).name == name


@pytest.mark.parametrize(
    ("state", "is_open", "is_done"),
    [
        (State.QUEUED, True, False),
        (State.RUNNING, True, False),
        (State.DONE, False, True),
        (State.FAILED, False, False),
    ],
)
def test_only_what_waits_or_runs_is_open(
    state: State, is_open: bool, is_done: bool
) -> None:
    analysis = Analysis(state=state)
    assert (analysis.is_open, analysis.is_done) == (is_open, is_done)


def test_it_has_waited_since_it_was_sent() -> None:
    sent = timezone.now() - timedelta(seconds=90)
    assert 90 <= Analysis(created=sent).waited_s < 95


def test_its_summary_names_the_commonest_emotions_first(alice: User) -> None:
    analysis = Analysis.objects.create(owner=alice)
    assert analysis.summary == "No face found"
    for number, label in enumerate(("sad", "happy", "happy"), start=1):
        analysis.faces.create(number=number, label=label, probability=0.5)
    assert analysis.summary == "Happy (2), Sad"


def test_a_face_has_its_number_alone(alice: User) -> None:
    analysis = Analysis.objects.create(owner=alice)
    twice = [Face(analysis=analysis, number=1, probability=0.5) for _ in range(2)]
    with pytest.raises(IntegrityError):
        Face.objects.bulk_create(twice)


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (("Sea", "", "IMG_1.JPG"), "sea img_1.jpg"),
        (("  two\n\tlines ",), "two lines"),
        (("ЁЛКА", "Straße"), "ёлка strasse"),
        (("", ""), ""),
    ],
)
def test_words_are_searched_in_small_letters_on_one_line(
    texts: tuple[str, ...], words: str
) -> None:
    assert words_of(*texts) == words


@pytest.mark.django_db
def test_the_migrations_hold_every_change_of_the_models() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
