"""The form, the result while it is waited for and when it is there, the history."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from mimika.core import results
from mimika.core.errors import ServiceUnavailableError, UnsupportedImageError
from mimika.web.accounts.models import User
from mimika.web.analyses.models import Analysis, Face, State, words_of
from mimika.web.analyses.service import ClientTwin

Upload = Callable[..., SimpleUploadedFile]
Answer = Callable[..., results.Analysis]
Queue = Callable[[], int]
NEW = "/analyses/new/"


def body(client: Client, url: str) -> str:
    return client.get(url).content.decode()


# The form


def test_the_form_asks_for_pictures_and_what_is_known_about_them(
    as_alice: Client,
) -> None:
    html = body(as_alice, NEW)
    assert 'enctype="multipart/form-data"' in html
    assert 'accept="image/jpeg,image/png,image/webp,image/bmp"' in html
    assert " multiple" in html
    for field in ("pictures", "title", "note", "taken", "seen"):
        assert f'<label for="id_{field}">' in html
    for choice in ("Find the faces in it", "It is one face, cut out already", "Fast"):
        assert choice in html


def test_a_picture_leads_to_its_page(
    as_alice: Client, alice: User, twin: ClientTwin, upload: Upload
) -> None:
    about = {
        "title": "Sea",
        "note": "Борщ и 海",
        "taken": "2026-08-01",
        "seen": "happy",
        "faces_mode": "whole",
        "detail": "fast",
    }
    response = as_alice.post(NEW, {"pictures": upload(), **about})
    stored = Analysis.objects.get()
    assert response.headers["Location"] == f"/analyses/{stored.id}/"
    assert (stored.owner, stored.original_name) == (alice, "photo.jpg")
    assert {name: str(getattr(stored, name)) for name in about} == about
    assert stored.state == State.QUEUED
    assert twin.received == []


def test_several_pictures_lead_to_the_history(
    as_alice: Client, twin: ClientTwin, upload: Upload
) -> None:
    files = [upload(name="a.jpg"), upload(name="b.jpg")]
    response = as_alice.post(NEW, {"pictures": files, "title": "Sea"})
    assert response.headers["Location"] == "/analyses/"
    names = Analysis.objects.values_list("original_name", "title")
    assert set(names) == {("a.jpg", "Sea"), ("b.jpg", "Sea")}


def test_an_empty_form_asks_for_a_picture_and_keeps_what_was_typed(
    as_alice: Client,
) -> None:
    response = as_alice.post(NEW, {"note": "what I typed", "seen": "sad"})
    html = response.content.decode()
    assert response.status_code == 422
    assert "Choose a picture." in html
    assert "what I typed</textarea>" in html
    assert '<option value="sad" selected>' in html
    assert not Analysis.objects.exists()


def test_the_error_is_tied_to_its_field_for_screen_readers(
    as_alice: Client, upload: Upload
) -> None:
    html = as_alice.post(NEW, {"pictures": upload(b"no picture")}).content.decode()
    field = re.search(r'<input type="file"[^>]*>', html)
    assert field is not None
    assert 'aria-invalid="true"' in field[0]
    described = re.search(r'aria-describedby="([^"]+)"', field[0])
    assert described is not None
    for identifier in described[1].split():
        assert f'id="{identifier}"' in html


def test_a_full_disk_is_said_on_the_form(
    as_alice: Client, upload: Upload, media: Path
) -> None:
    media.write_text("a file where the folder should be")
    response = as_alice.post(NEW, {"pictures": upload(), "note": "what I typed"})
    assert response.status_code == 500
    assert b"could not be stored" in response.content
    assert b"what I typed</textarea>" in response.content
    assert not Analysis.objects.exists()


def test_a_file_of_40_mb_is_refused_without_being_kept(
    as_alice: Client, upload: Upload
) -> None:
    response = as_alice.post(NEW, {"pictures": upload(bytes(40_000_000))})
    assert b"more than 15 MB" in response.content


def test_over_the_hourly_limit_nothing_is_stored(
    as_alice: Client, upload: Upload, settings: Any
) -> None:
    settings.THROTTLES_PER_HOUR = {**settings.THROTTLES_PER_HOUR, "uploads": 2}
    assert as_alice.post(NEW, {"pictures": [upload(), upload()]}).status_code == 302
    refused = as_alice.post(NEW, {"pictures": upload()})
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 60
    assert Analysis.objects.count() == 2


# The page of a result


def test_while_it_is_waited_for_the_page_asks_by_itself(
    as_alice: Client, waiting: Analysis
) -> None:
    html = body(as_alice, waiting.get_absolute_url())
    assert f'hx-get="/analyses/{waiting.id}/status/"' in html
    assert 'hx-trigger="load delay:300ms"' in html
    assert "Waiting for its turn" in html
    assert f'src="/analyses/{waiting.id}/original.jpg"' in html


def test_who_waits_long_asks_less_often(as_alice: Client, waiting: Analysis) -> None:
    Analysis.objects.update(created=waiting.created - timedelta(minutes=5))
    assert "load delay:4000ms" in body(as_alice, waiting.get_absolute_url())


def test_when_the_service_is_down_the_page_says_so_and_goes_on_waiting(
    as_alice: Client, twin: ClientTwin, waiting: Analysis, queue: Queue
) -> None:
    twin.answer = ServiceUnavailableError("http://127.0.0.1:9")
    queue()
    html = body(as_alice, f"/analyses/{waiting.id}/status/")
    assert "Still waiting" in html
    assert "as soon as it is back" in html
    assert "127.0.0.1" not in html
    assert "hx-get" in html


def test_a_refused_picture_says_why_and_can_be_tried_again(
    as_alice: Client, twin: ClientTwin, waiting: Analysis, queue: Queue
) -> None:
    answer, twin.answer = twin.answer, UnsupportedImageError("b'x'")
    queue()
    html = body(as_alice, waiting.get_absolute_url())
    assert "not a picture in an accepted format" in html
    assert "hx-get" not in html
    twin.answer = answer
    assert as_alice.post(f"/analyses/{waiting.id}/again/").status_code == 302
    queue()
    assert "1 face found." in body(as_alice, waiting.get_absolute_url())


def test_the_result_takes_the_place_of_the_waiting(
    as_alice: Client, result: Analysis
) -> None:
    part = body(as_alice, f"/analyses/{result.id}/status/")
    assert part.lstrip().startswith("<article")
    assert "1 face found." in part
    assert "hx-trigger" not in part


def test_the_result_shows_picture_bars_note_date_and_model(
    as_alice: Client, result: Analysis
) -> None:
    html = body(as_alice, result.get_absolute_url())
    assert "1 face found." in html
    assert 'alt="Your picture with 1 marked face: Happy 70 %"' in html
    assert html.count('height="10" fill=') == 7
    assert '<rect width="70.00" height="10" fill="#e69f00"/>' in html
    assert "at the sea" in html
    assert "test-model" in html
    assert result.created.strftime("%B %Y") in html
    assert ">likely</span>" in html


def test_boxes_and_labels_are_drawn_over_the_picture(
    as_alice: Client, result: Analysis
) -> None:
    html = body(as_alice, result.get_absolute_url())
    assert 'viewBox="0 0 320 240"' in html
    assert '<rect class="box" x="40" y="30" width="50" height="60"' in html
    assert ">Happy 70 %</text>" in html
    assert "Show what was found" in html
    assert " style=" not in html


def test_the_answer_can_be_saved_in_three_forms(
    as_alice: Client, result: Analysis
) -> None:
    html = body(as_alice, result.get_absolute_url())
    for form in ("pdf", "png", "json"):
        assert f'href="/analyses/{result.id}/result.{form}"' in html


def test_several_faces_are_numbered(
    as_alice: Client,
    twin: ClientTwin,
    waiting: Analysis,
    queue: Queue,
    make_answer: Answer,
) -> None:
    twin.answer = make_answer("happy", "sad")
    queue()
    html = body(as_alice, waiting.get_absolute_url())
    assert "2 faces found." in html
    assert "1. Happy" in html
    assert "2. Sad" in html


def test_a_picture_without_a_face_says_so_and_what_to_try(
    as_alice: Client,
    twin: ClientTwin,
    waiting: Analysis,
    queue: Queue,
    make_answer: Answer,
) -> None:
    twin.answer = make_answer()
    queue()
    html = body(as_alice, waiting.get_absolute_url())
    assert "No face was found in this picture." in html
    assert "Try a closer picture" in html
    assert "<rect" not in html
    assert "Show what was found" not in html


def test_what_people_type_is_text_and_nothing_else(
    as_alice: Client, twin: ClientTwin, upload: Upload
) -> None:
    evil = "<script>alert(1)</script>"
    form = {"pictures": upload(name="<b>.jpg"), "note": evil, "title": evil}
    html = as_alice.post(NEW, form, follow=True).content.decode()
    assert "<script>alert" not in html
    assert "<b>.jpg" not in html
    assert "&lt;b&gt;.jpg" in html


# The history


def store(owner: User, answer: results.Analysis, count: int, **fields: Any) -> None:
    newest = datetime(2026, 11, 20, 12, tzinfo=UTC)
    stored = answer.model_dump(mode="json")
    made = Analysis.objects.bulk_create(
        Analysis(
            owner=owner,
            result=stored,
            state=State.DONE,
            title=f"title {number}.",
            words=words_of(f"title {number}.", fields.get("note", "")),
            created=newest - timedelta(hours=number),
            **fields,
        )
        for number in range(count)
    )
    Face.objects.bulk_create(
        Face(analysis=one, number=n, label=face.label, probability=face.probability)
        for one in made
        for n, face in enumerate(answer.faces, start=1)
    )


def titles(html: str) -> list[str]:
    return re.findall(r'<span class="d-block small">(title \d+\.)', html)


def test_an_empty_history_leads_to_the_form(as_alice: Client) -> None:
    assert "You have not sent a picture yet." in body(as_alice, "/analyses/")


def test_the_history_shows_the_newest_first_in_pages(
    as_alice: Client, alice: User, make_answer: Answer
) -> None:
    store(alice, make_answer("happy", "sad"), 50)
    first, last = body(as_alice, "/analyses/"), body(as_alice, "/analyses/?page=3")
    assert titles(first) == [f"title {i}." for i in range(24)]
    assert titles(last) == ["title 48.", "title 49."]
    assert "Page 1 of 3" in first
    assert 'href="?page=2"' in first
    assert "Happy, Sad" in first


def test_links_to_other_pages_keep_what_was_asked(
    as_alice: Client, alice: User, make_answer: Answer
) -> None:
    store(alice, make_answer("happy"), 30)
    html = body(as_alice, "/analyses/?q=title&sort=oldest")
    assert 'href="?q=title&amp;sort=oldest&amp;page=2"' in html
    assert titles(html)[0] == "title 29."


@pytest.mark.parametrize("page", ["0", "99", "x", ""])
def test_a_page_that_does_not_exist_is_the_nearest_one(
    page: str, as_alice: Client, alice: User, make_answer: Answer
) -> None:
    store(alice, make_answer("happy"), 13)
    assert as_alice.get(f"/analyses/?page={page}").status_code == 200


def test_what_finds_nothing_says_so(
    as_alice: Client, alice: User, make_answer: Answer
) -> None:
    store(alice, make_answer("happy"), 2)
    assert "No result is like that." in body(as_alice, "/analyses/?q=elephant")


def test_the_history_holds_only_ones_own(
    as_charlie: Client, alice: User, make_answer: Answer
) -> None:
    store(alice, make_answer("happy"), 3)
    assert "title" not in body(as_charlie, "/analyses/").partition("<main")[2]


def test_a_long_history_costs_as_many_queries_as_a_short_one(
    as_alice: Client,
    alice: User,
    make_answer: Answer,
    django_assert_max_num_queries: Any,
) -> None:
    store(alice, make_answer("happy", "sad"), 60)
    with django_assert_max_num_queries(6):  # session, person, count, page, faces
        as_alice.get("/analyses/")


def test_an_entry_that_waits_asks_by_itself(
    as_alice: Client, waiting: Analysis, queue: Queue
) -> None:
    url = f"/analyses/{waiting.id}/card/"
    assert f'hx-get="{url}"' in body(as_alice, "/analyses/")
    assert "Waiting…" in body(as_alice, url)
    queue()
    assert "Happy" in body(as_alice, url)
    assert "hx-get" not in body(as_alice, url)
