import pytest
from django.test import RequestFactory

from mimika.web.accounts.requests import next_page


@pytest.mark.parametrize(
    ("asked", "page"),
    [
        ("/analyses/", "/analyses/"),
        ("/analyses/?page=2", "/analyses/?page=2"),
        ("http://testserver/analyses/", "http://testserver/analyses/"),
        ("", ""),
        ("https://evil.example/", ""),
        ("//evil.example/", ""),
        ("/\\evil.example/", ""),
        ("javascript:alert(1)", ""),
    ],
)
def test_only_a_page_of_this_site_is_gone_to(asked: str, page: str) -> None:
    factory = RequestFactory()
    assert next_page(factory.post("/", {"next": asked})) == page
    assert next_page(factory.get("/", {"next": asked})) == page
