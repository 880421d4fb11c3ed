import pytest
from django.db import OperationalError
from django.test import Client

from mimika.web.analyses.models import Analysis


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
