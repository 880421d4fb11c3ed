import io
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from mimika.core import results
from mimika.core.errors import (
    ServiceBusyError,
    ServiceTimeoutError,
    ServiceUnavailableError,
    UnsupportedImageError,
    WorkerCrashedError,
)
from mimika.web.accounts.models import User
from mimika.web.analyses import files
from mimika.web.analyses.models import Analysis
from mimika.web.analyses.service import ClientTwin

Upload = Callable[..., SimpleUploadedFile]
Answer = Callable[..., results.Analysis]
NEW = "/analyses/new/"


def body(client: Client, url: str) -> str:
    return client.get(url).content.decode()


# The form


def test_the_form_asks_for_a_picture_and_a_note(as_alice: Client) -> None:
    html = body(as_alice, NEW)
    assert 'enctype="multipart/form-data"' in html
    assert 'accept="image/jpeg,image/png,image/webp,image/bmp"' in html
    for field in ("id_picture", "id_note"):
        assert f'<label for="{field}">' in html


def test_a_picture_leads_to_its_result(
    as_alice: Client, alice: User, twin: ClientTwin, upload: Upload
) -> None:
    response = as_alice.post(NEW, {"picture": upload(), "note": "at the sea"})
    analysis = Analysis.objects.get()
    assert response.headers["Location"] == f"/analyses/{analysis.id}/"
    assert (analysis.owner, analysis.original_name) == (alice, "photo.jpg")


def test_an_empty_form_asks_for_a_picture_and_keeps_the_note(
    as_alice: Client, twin: ClientTwin
) -> None:
    html = as_alice.post(NEW, {"note": "what I typed"}).content.decode()
    assert "Choose a picture." in html
    assert "what I typed</textarea>" in html
    assert twin.received == []


def test_the_error_is_tied_to_its_field_for_screen_readers(
    as_alice: Client, twin: ClientTwin, upload: Upload
) -> None:
    html = as_alice.post(NEW, {"picture": upload(b"no picture")}).content.decode()
    assert 'aria-invalid="true"' in html
    described = re.search(r'aria-describedby="([^"]+)"[^>]*id="id_picture"', html)
    assert described is not None
    for identifier in described[1].split():
        assert f'id="{identifier}"' in html


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (ServiceUnavailableError("http://127.0.0.1:9"), 503, "not running"),
        (ServiceBusyError("full", 7), 503, "try again in 7 s"),
        (ServiceTimeoutError("30 s"), 504, "too long"),
        (WorkerCrashedError("pid 4"), 502, "failed while"),
        (UnsupportedImageError("b'x'"), 200, "not a picture"),
    ],
)
def test_a_failure_is_said_on_the_form_and_leaves_nothing(
    error: Any,
    status: int,
    words: str,
    as_alice: Client,
    twin: ClientTwin,
    upload: Upload,
    media: Path,
) -> None:
    twin.answer = error
    response = as_alice.post(NEW, {"picture": upload(), "note": "what I typed"})
    html = response.content.decode()
    assert response.status_code == status
    assert words in html
    assert "what I typed</textarea>" in html
    assert "127.0.0.1" not in html
    assert not Analysis.objects.exists()
    assert list(media.glob("analyses/*")) == []


def test_a_busy_service_says_when_to_come_again(
    as_alice: Client, twin: ClientTwin, upload: Upload
) -> None:
    twin.answer = ServiceBusyError("full", 7)
    response = as_alice.post(NEW, {"picture": upload()})
    assert response.headers["Retry-After"] == "7"


def test_a_service_that_nobody_started_is_said_on_the_form(
    as_alice: Client, upload: Upload
) -> None:
    response = as_alice.post(NEW, {"picture": upload()})  # no twin: a closed port
    assert response.status_code == 503
    assert b"not running" in response.content


def test_a_full_disk_is_said_on_the_form(
    as_alice: Client, twin: ClientTwin, upload: Upload, media: Path
) -> None:
    media.parent.mkdir(exist_ok=True)
    media.write_text("a file where the folder should be")
    response = as_alice.post(NEW, {"picture": upload(), "note": "what I typed"})
    assert response.status_code == 500
    assert b"could not be stored" in response.content
    assert b"what I typed</textarea>" in response.content
    assert not Analysis.objects.exists()


def test_a_file_of_40_mb_is_refused_without_being_kept(
    as_alice: Client, twin: ClientTwin, upload: Upload
) -> None:
    response = as_alice.post(NEW, {"picture": upload(bytes(40_000_000))})
    assert b"more than 15 MB" in response.content


# The result


def test_the_result_shows_picture_bars_note_date_and_model(
    as_alice: Client, result: Analysis
) -> None:
    html = body(as_alice, result.get_absolute_url())
    assert "1 face found." in html
    assert f'src="/analyses/{result.id}/annotated.jpg"' in html
    assert html.count("<rect ") == 7
    assert '<rect width="70.00" height="10" fill="#e69f00"/>' in html
    assert "at the sea" in html
    assert "test-model" in html
    assert result.created.strftime("%B %Y") in html


def test_the_picture_is_described_in_words(as_alice: Client, result: Analysis) -> None:
    html = body(as_alice, result.get_absolute_url())
    assert 'alt="Your picture with 1 marked face: Happy 70 %"' in html


def test_several_faces_are_numbered(
    as_alice: Client, twin: ClientTwin, upload: Upload, make_answer: Answer
) -> None:
    twin.answer = make_answer("happy", "sad")
    response = as_alice.post(NEW, {"picture": upload()}, follow=True)
    html = response.content.decode()
    assert "2 faces found." in html
    assert "1. Happy" in html
    assert "2. Sad" in html


def test_a_picture_without_a_face_says_so(
    as_alice: Client, twin: ClientTwin, upload: Upload, make_answer: Answer
) -> None:
    twin.answer = make_answer()
    response = as_alice.post(NEW, {"picture": upload()}, follow=True)
    assert b"No face was found in this picture." in response.content
    assert b"<rect" not in response.content


def test_a_note_and_a_name_are_text_and_nothing_else(
    as_alice: Client, twin: ClientTwin, upload: Upload
) -> None:
    form = {"picture": upload(name="<b>.jpg"), "note": "<script>alert(1)</script>"}
    html = as_alice.post(NEW, form, follow=True).content.decode()
    assert "<script>" not in html
    assert "<b>.jpg" not in html
    assert "&lt;b&gt;.jpg" in html


# The pictures


@pytest.mark.parametrize("name", files.NAMES)
def test_a_picture_is_a_jpeg_that_is_shown_under_a_name_of_ours(
    name: str, as_alice: Client, result: Analysis
) -> None:
    response = as_alice.get(f"/analyses/{result.id}/{name}.jpg")
    assert Image.open(io.BytesIO(response.content)).format == "JPEG"
    assert response.headers["Content-Type"] == "image/jpeg"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    disposition = response.headers["Content-Disposition"]
    assert disposition == f'inline; filename="mimika-{name}.jpg"'


def test_the_browser_asks_again_each_time(as_alice: Client, result: Analysis) -> None:
    url = f"/analyses/{result.id}/annotated.jpg"
    first = as_alice.get(url)
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = {"If-None-Match": first.headers["ETag"]}
    assert as_alice.get(url, headers=again).status_code == 304
    as_alice.logout()
    assert as_alice.get(url, headers=again).status_code == 302


def test_a_picture_whose_file_is_gone_does_not_exist(
    as_alice: Client, result: Analysis
) -> None:
    files.path_of(result.id, "thumbnail").unlink()
    assert as_alice.get(f"/analyses/{result.id}/thumbnail.jpg").status_code == 404


# The history


def store(owner: User, answer: results.Analysis, count: int) -> None:
    newest = datetime(2026, 11, 20, 12, tzinfo=UTC)
    result = answer.model_dump(mode="json")
    Analysis.objects.bulk_create(
        Analysis(
            owner=owner,
            result=result,
            note=f"note {number}.",
            created=newest - timedelta(hours=number),
        )
        for number in range(count)
    )


def test_an_empty_history_leads_to_the_form(as_alice: Client) -> None:
    html = body(as_alice, "/analyses/")
    assert "You have not sent a picture yet." in html


def test_the_history_shows_the_newest_first_in_pages(
    as_alice: Client, alice: User, make_answer: Answer
) -> None:
    store(alice, make_answer("happy", "sad"), 25)
    first, last = body(as_alice, "/analyses/"), body(as_alice, "/analyses/?page=3")
    assert re.findall(r"note \d+\.", first) == [f"note {i}." for i in range(12)]
    assert re.findall(r"note \d+\.", last) == ["note 24."]
    assert "Page 1 of 3" in first
    assert 'href="?page=2"' in first
    assert "Happy, Sad" in first


@pytest.mark.parametrize("page", ["0", "99", "x", ""])
def test_a_page_that_does_not_exist_is_the_nearest_one(
    page: str, as_alice: Client, alice: User, make_answer: Answer
) -> None:
    store(alice, make_answer("happy"), 13)
    assert as_alice.get(f"/analyses/?page={page}").status_code == 200


def test_the_history_holds_only_ones_own(
    as_charlie: Client, alice: User, make_answer: Answer
) -> None:
    store(alice, make_answer("happy"), 3)
    assert "note" not in body(as_charlie, "/analyses/")


def test_a_long_history_costs_as_many_queries_as_a_short_one(
    as_alice: Client,
    alice: User,
    make_answer: Answer,
    django_assert_num_queries: Any,
) -> None:
    store(alice, make_answer("happy"), 40)
    with django_assert_num_queries(4):  # session, person, count, page
        as_alice.get("/analyses/")
