import re
from typing import Any

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.template.loader import render_to_string
from django.test import Client

from mimika import __version__
from mimika.web.accounts.models import User
from mimika.web.analyses.models import Analysis
from mimika.web.throttles.bucket import Wait


def test_the_main_page_leads_to_the_form_and_to_the_account(as_alice: Client) -> None:
    html = as_alice.get("/").content.decode()
    main = html[html.index("<main") :]
    assert 'href="/analyses/new/"' in main
    assert 'href="/accounts/me/"' in main
    assert "Your latest results" not in main


def test_the_main_page_shows_the_latest_results(
    as_alice: Client, result: Analysis
) -> None:
    html = as_alice.get("/").content.decode()
    assert "Your latest results" in html
    assert result.get_absolute_url() in html


def test_the_latest_results_are_only_ones_own(
    as_charlie: Client, result: Analysis
) -> None:
    assert str(result.id) not in as_charlie.get("/").content.decode()


def test_every_page_says_its_language_and_fits_a_phone(
    as_alice: Client, result: Analysis
) -> None:
    for page in ("/", "/analyses/", "/analyses/new/", result.get_absolute_url()):
        html = as_alice.get(page).content.decode()
        assert '<html lang="en">' in html
        assert 'content="width=device-width, initial-scale=1"' in html


def test_an_address_that_does_not_exist_is_said_plainly(as_alice: Client) -> None:
    response = as_alice.get("/nowhere/")
    assert response.status_code == 404
    assert b"Page not found" in response.content


def test_a_fault_of_ours_is_said_plainly(as_alice: Client, result: Analysis) -> None:
    Analysis.objects.update(result={"not": "an analysis"})
    as_alice.raise_request_exception = False
    response = as_alice.get(result.get_absolute_url())
    assert response.status_code == 500
    assert b"Something went wrong" in response.content


def test_more_text_than_a_form_takes_is_said_plainly(
    as_alice: Client, settings: Any
) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    response = as_alice.post("/analyses/new/", {"note": 2000 * "x"})
    assert response.status_code == 413
    assert b"This is too large" in response.content
    assert b"Log out" in response.content


def test_more_files_than_a_form_takes_are_said_plainly(
    as_alice: Client, settings: Any
) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 2
    files = [SimpleUploadedFile(f"{n}.jpg", b"x") for n in range(3)]
    response = as_alice.post("/analyses/new/", {"picture": files})
    assert response.status_code == 413


def test_other_bad_requests_stay_bad_requests(as_alice: Client) -> None:
    response = as_alice.get("/", headers={"host": "elsewhere.example"})
    assert response.status_code == 400
    assert b"This request cannot be answered" in response.content


def test_a_form_out_of_date_keeps_the_links_of_a_person(alice: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    response = client.post("/analyses/new/", {"note": "x"})
    assert response.status_code == 403
    assert b"Log out" in response.content


def test_too_many_attempts_say_how_long_to_wait() -> None:
    html = render_to_string("429.html", {"wait": Wait(100)})
    assert "Try again in 2 minutes." in html


def test_a_page_without_a_person_has_no_links_that_need_one() -> None:
    html = render_to_string("400.html")
    assert "Log out" not in html
    assert "Log in" not in html


def test_every_page_says_what_an_answer_is_and_the_version(as_alice: Client) -> None:
    html = as_alice.get("/").content.decode()
    assert "a guess about an expression, not about a feeling" in html
    assert f"mimika {__version__}" in html


def test_the_link_of_the_page_itself_is_marked(as_alice: Client) -> None:
    html = as_alice.get("/analyses/new/").content.decode()
    assert re.findall(r'aria-current="page" href="([^"]+)"', html) == ["/analyses/new/"]


def test_what_the_application_says_can_be_put_away(as_alice: Client) -> None:
    said = [
        Message(constants.SUCCESS, "Kept."),
        Message(constants.ERROR, "Not <kept>."),
    ]
    html = render_to_string("base.html", {"messages": said})
    assert html.count('role="status"') == html.count('data-bs-dismiss="alert"') == 2
    assert "alert-success" in html
    assert "alert-danger" in html
    assert "Not &lt;kept&gt;." in html


def test_the_health_page_says_ok_and_nothing_else(db: None) -> None:
    answer = Client().get("/healthz/")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_the_health_page_fails_with_the_database(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Gone:
        def cursor(self) -> None:
            raise OperationalError("no database")

    monkeypatch.setattr("mimika.web.views.connection", Gone())
    client = Client(raise_request_exception=False)
    assert client.get("/healthz/").status_code == 500
