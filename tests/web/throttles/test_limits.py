from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from mimika.web.throttles.bucket import take
from mimika.web.throttles.limits import limited, take_all

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quota(settings: Any) -> None:
    settings.THROTTLES_PER_HOUR = {"narrow": 2, "wide": 4}


def ask(status: int, method: str = "post", free_when_done: bool = False) -> Any:
    """Asks a limited view that answers with this status."""

    @limited(lambda _: [("wide", "x"), ("narrow", "x")], free_when_done)
    def view(_request: HttpRequest) -> HttpResponse:
        return HttpResponse("from the view", status=status)

    request = getattr(RequestFactory(), method)("/")
    request.user = AnonymousUser()
    return view(request)


def test_over_the_limit_the_view_is_not_asked_and_the_page_says_when() -> None:
    statuses = [ask(200).status_code for _ in range(3)]
    response = ask(200)
    assert statuses == [200, 200, 429]
    assert 1790 <= int(response.headers["Retry-After"]) <= 1800
    assert b"30 minutes" in response.content
    assert b"from the view" not in response.content


def test_only_a_post_counts() -> None:
    assert {ask(200, "get").status_code for _ in range(5)} == {200}
    assert ask(200).status_code == 200


def test_what_was_done_does_not_count_where_that_is_asked_for() -> None:
    assert {ask(302, free_when_done=True).status_code for _ in range(5)} == {302}
    assert [ask(302).status_code for _ in range(3)] == [302, 302, 429]


def test_a_refusal_costs_nothing_of_the_other_limits() -> None:
    for _ in range(9):
        ask(200)
    assert [take("wide", "x") is None for _ in range(3)] == [True, True, False]


def test_all_are_taken_or_none() -> None:
    claims = [("wide", "x"), ("narrow", "x")]
    assert [take_all(claims) is None for _ in range(3)] == [True, True, False]
    assert take("wide", "x") is None
