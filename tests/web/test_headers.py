import re

import pytest
from django.test import Client

from mimika.web.analyses.models import Analysis


@pytest.fixture
def pages(result: Analysis) -> list[str]:
    own = result.get_absolute_url()
    return ["/", "/accounts/me/", "/analyses/", "/analyses/new/", own, "/nowhere/"]


def test_no_page_allows_inline_or_foreign_code(
    pages: list[str], as_alice: Client
) -> None:
    for page in pages:
        policy = as_alice.get(page).headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
        assert "frame-ancestors 'none'" in policy


def test_only_pictures_may_stand_in_a_style_sheet_itself(as_alice: Client) -> None:
    policy = as_alice.get("/").headers["Content-Security-Policy"]
    with_data = [part.split()[0] for part in policy.split(";") if "data:" in part]
    assert with_data == ["img-src"]


def test_no_page_holds_what_the_policy_would_block(
    pages: list[str], as_alice: Client
) -> None:
    for page in pages:
        html = as_alice.get(page).content.decode()
        assert " style=" not in html
        assert "<style" not in html
        assert " onclick" not in html
        assert "<script>" not in html


def test_pages_are_not_framed_sniffed_or_stored(
    pages: list[str], as_alice: Client
) -> None:
    for page in pages:
        headers = as_alice.get(page).headers
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cache-Control"] == "private, no-store"
        assert "camera=()" in headers["Permissions-Policy"]


def test_cookies_are_closed_to_scripts_and_other_sites(
    alice: object, client: Client
) -> None:
    form = {"username": "alice", "password": "correct horse battery"}
    client.post("/accounts/login/", form)
    client.get("/analyses/new/")
    for cookie in (client.cookies["csrftoken"], client.cookies["sessionid"]):
        assert cookie["samesite"] == "Lax"
        assert cookie["httponly"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "file", ["mimika/theme.css", "vendor/bootstrap/bootstrap.min.css"]
)
def test_a_style_sheet_is_served_with_its_type(file: str, client: Client) -> None:
    response = client.get(f"/static/{file}")
    response.close()
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/css")
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_every_file_that_a_page_names_is_served(
    pages: list[str], as_alice: Client
) -> None:
    html = "".join(as_alice.get(page).content.decode() for page in pages)
    files = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', html))
    assert len(files) > 5
    for file in files:
        response = as_alice.get(file)
        response.close()
        assert response.status_code == 200, file
