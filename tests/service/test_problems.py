import inspect

import pytest

from mimika.core import errors
from mimika.service.problems import KINDS, URN, slug_of, to_error, to_problem


@pytest.mark.parametrize("slug", KINDS)
def test_every_kind_survives_the_way_to_a_client_and_back(slug: str) -> None:
    error = to_error(slug, "what happened")
    assert slug_of(error) == slug
    problem = to_problem(error, "id")
    assert problem.type == URN + slug
    assert problem.detail == "what happened"
    assert type(to_error(problem.type.removeprefix(URN), problem.detail)) is type(error)


def test_every_error_of_the_tree_has_a_kind() -> None:
    tree = [
        error
        for _, error in inspect.getmembers(errors, inspect.isclass)
        if issubclass(error, errors.MimikaError)
    ]
    assert len(tree) > 15
    for error in tree:
        slug = slug_of(error("x"))
        client_is_wrong = issubclass(error, (errors.InputError, errors.ServiceKeyError))
        assert (KINDS[slug].status < 500) == client_is_wrong, error


def test_an_unforeseen_error_does_not_tell_its_words() -> None:
    problem = to_problem(RuntimeError("/home/somebody/secret"), "id")
    assert problem.status == 500
    assert "secret" not in problem.detail


def test_an_unknown_kind_is_a_service_error() -> None:
    assert type(to_error("from-the-future", "x")) is errors.ServiceError


def test_a_busy_error_remembers_when_to_try_again() -> None:
    busy = to_error("busy", "x", retry_after_s=9)
    assert isinstance(busy, errors.ServiceBusyError)
    assert busy.retry_after_s == 9
