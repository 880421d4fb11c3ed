"""What people do with their results."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from mimika.web.accounts.models import User
from mimika.web.analyses.models import Analysis, Face

OnCommit = Callable[..., Any]


def opinion_of(result: Analysis) -> str:
    return Face.objects.get(analysis=result, number=1).opinion


def url_of(result: Analysis, number: int = 1) -> str:
    return f"/analyses/{result.id}/faces/{number}/"


def test_an_opinion_is_kept_changed_and_taken_back(
    as_alice: Client, result: Analysis
) -> None:
    for opinion in ("sad", "happy", ""):
        response = as_alice.post(url_of(result), {"opinion": opinion})
        assert response.headers["Location"] == f"/analyses/{result.id}/#face-1"
        assert opinion_of(result) == opinion


@pytest.mark.parametrize(
    ("opinion", "words"),
    [("happy", "You agree."), ("sad", "<strong>Sad</strong>"), ("", "Do you agree?")],
)
def test_with_htmx_the_form_alone_is_answered(
    opinion: str, words: str, as_alice: Client, result: Analysis
) -> None:
    headers = {"HX-Request": "true"}
    response = as_alice.post(url_of(result), {"opinion": opinion}, headers=headers)
    html = response.content.decode()
    assert words in html
    assert "<html" not in html
    assert "csrfmiddlewaretoken" in html


def test_an_emotion_that_does_not_exist_is_no_opinion(
    as_alice: Client, result: Analysis
) -> None:
    as_alice.post(url_of(result), {"opinion": "sad"})
    as_alice.post(url_of(result), {"opinion": "hungry"})
    assert opinion_of(result) == "sad"


def test_nobody_has_an_opinion_about_other_peoples_faces(
    as_charlie: Client, result: Analysis
) -> None:
    assert as_charlie.post(url_of(result), {"opinion": "sad"}).status_code == 404
    assert opinion_of(result) == ""


def test_there_is_no_opinion_about_a_face_that_is_not_there(
    as_alice: Client, result: Analysis
) -> None:
    assert as_alice.post(url_of(result, 2), {"opinion": "sad"}).status_code == 404


def test_a_deleted_result_takes_its_pictures_along_and_stays_counted(
    as_alice: Client,
    alice: User,
    result: Analysis,
    media: Path,
    django_capture_on_commit_callbacks: OnCommit,
) -> None:
    assert list(media.glob("analyses/*"))
    with django_capture_on_commit_callbacks(execute=True):
        response = as_alice.post(f"/analyses/{result.id}/delete/", follow=True)
    assert "1 result deleted." in response.content.decode()
    assert not Analysis.objects.exists()
    assert not list(media.glob("analyses/*"))
    alice.refresh_from_db()
    assert alice.computations == 1


def test_several_are_deleted_and_other_peoples_are_not(
    as_alice: Client, alice: User, charlie: User
) -> None:
    own = [Analysis.objects.create(owner=alice) for _ in range(3)]
    other = Analysis.objects.create(owner=charlie)
    chosen = [str(own[0].pk), str(own[1].pk), str(other.pk), str(uuid4()), "x"]
    response = as_alice.post("/analyses/delete/", {"chosen": chosen}, follow=True)
    assert "2 results deleted." in response.content.decode()
    assert set(Analysis.objects.all()) == {own[2], other}


def test_nothing_ticked_deletes_nothing(as_alice: Client, result: Analysis) -> None:
    response = as_alice.post("/analyses/delete/", follow=True)
    assert "nothing was deleted" in response.content.decode()
    assert Analysis.objects.exists()


def test_what_is_done_is_not_done_again(as_alice: Client, result: Analysis) -> None:
    as_alice.post(f"/analyses/{result.id}/again/")
    result.refresh_from_db()
    assert result.is_done
