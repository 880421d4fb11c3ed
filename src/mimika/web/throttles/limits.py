"""Puts limits before a view: over one of them the answer is 429."""

import functools
import logging
from collections.abc import Callable, Sequence

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from mimika.web.throttles.bucket import Wait, give_back, take

logger = logging.getLogger(__name__)

Claim = tuple[str, str]  # a rule and for whom
Claims = Callable[[HttpRequest], Sequence[Claim]]
View = Callable[..., HttpResponseBase]


def limited(claims: Claims, free_when_done: bool = False) -> Callable[[View], View]:
    """A decorator: each POST takes a token of every claim before the view runs.

    To take first and to give back later, rather than to count failures afterwards,
    keeps many requests at the same moment within the quota.

    Args:
        claims: which limits a request falls under.
        free_when_done: a POST that the view answers with a redirect, as it does when a
            form was right, does not count.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def wrapped(
            request: HttpRequest, *args: object, **kwargs: object
        ) -> HttpResponseBase:
            claimed = claims(request) if request.method == "POST" else ()
            wait = take_all(claimed)
            if wait is not None:
                return refusal(request, wait)
            response = view(request, *args, **kwargs)
            if free_when_done and response.status_code == 302:
                give_all_back(claimed)
            return response

        return wrapped

    return decorate


def take_all(claims: Sequence[Claim]) -> Wait | None:
    """Takes a token of each, or of none.

    Returns:
        None where all were there, else how long to wait for the first that was not.
    """
    for number, claim in enumerate(claims):
        wait = take(*claim)
        if wait is not None:
            logger.warning("over the limit %s", claim[0])
            give_all_back(claims[:number])
            return wait
    return None


def give_all_back(claims: Sequence[Claim]) -> None:
    """Puts a token of each back."""
    for claim in claims:
        give_back(*claim)


def refusal(request: HttpRequest, wait: Wait) -> HttpResponse:
    """The page that says when to come back."""
    response = render(request, "429.html", {"wait": wait}, status=429)
    response.headers["Retry-After"] = str(wait.seconds)
    return response
