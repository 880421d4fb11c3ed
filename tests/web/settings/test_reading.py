from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from environ import Env

from mimika.web.settings.reading import (
    address,
    count,
    email,
    flag,
    level,
    seconds,
    several,
)


def env_of(value: str | None) -> Any:
    class Given(Env):  # type: ignore[misc]  # django-environ has no types
        ENVIRON = {} if value is None else {"NAME": value}

    return Given()


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (None, False),
        ("", False),
        ("0", False),
        ("No", False),
        ("1", True),
        ("ON", True),
    ],
)
def test_a_flag_is_read_in_the_usual_spellings(value: str | None, read: bool) -> None:
    assert flag(env_of(value), "NAME") is read


def test_a_flag_that_is_neither_is_named() -> None:
    with pytest.raises(ImproperlyConfigured, match="NAME is 'perhaps'; expected true"):
        flag(env_of("perhaps"), "NAME")


def test_a_level_is_read_in_any_case() -> None:
    assert level(env_of("debug"), "NAME", "INFO") == "DEBUG"
    assert level(env_of(None), "NAME", "INFO") == "INFO"


def test_an_unknown_level_is_named_with_those_that_exist() -> None:
    with pytest.raises(ImproperlyConfigured, match=r"NAME is 'LOUD'.* DEBUG, INFO"):
        level(env_of("loud"), "NAME", "INFO")


def test_seconds_are_a_number() -> None:
    assert seconds(env_of("2.5"), "NAME", 30) == 2.5
    assert seconds(env_of(None), "NAME", 30) == 30


@pytest.mark.parametrize("value", ["long", "", "0", "-1", "nan", "inf"])
def test_seconds_that_cannot_be_waited_are_named(value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"NAME is '{value}'; expected a"):
        seconds(env_of(value), "NAME", 30)


def test_a_count_is_a_whole_number() -> None:
    assert count(env_of("25"), "NAME", 10) == 25
    assert count(env_of(None), "NAME", 10) == 10
    assert count(env_of(""), "NAME", 10) == 10


@pytest.mark.parametrize("value", ["many", "0", "-1", "2.5", "\u0663"])
def test_a_count_that_is_none_is_named(value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"NAME is '{value}'; expected a"):
        count(env_of(value), "NAME", 10)


def test_an_address_is_reached_over_http() -> None:
    assert address(env_of(" https://a.example "), "NAME", "") == "https://a.example"
    assert address(env_of(None), "NAME", "http://b:8100") == "http://b:8100"
    for wrong in ("a.example:8100", "http://[x", "ftp://a.example"):
        with pytest.raises(ImproperlyConfigured, match=r"NAME is '.*as http://b:8100"):
            address(env_of(wrong), "NAME", "http://b:8100")


def test_a_mail_server_is_read_from_one_address() -> None:
    url = "smtp+tls://ada:s%40fe@mail.example:587"
    found = email(env_of(url), "NAME", "consolemail://")
    assert found["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend"
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"]) == ("mail.example", 587)
    assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == ("ada", "s@fe")
    assert found["EMAIL_USE_TLS"] is True


@pytest.mark.parametrize("value", [None, "", "  "])
def test_without_a_mail_server_mails_go_to_the_console(value: str | None) -> None:
    found = email(env_of(value), "NAME", "consolemail://")
    assert found["EMAIL_BACKEND"].endswith("console.EmailBackend")


@pytest.mark.parametrize("value", ["post://ada:secret@x", "smtp://ada:secret@x:port"])
def test_a_mail_server_that_cannot_be_read_is_not_repeated(value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="NAME cannot be read") as info:
        email(env_of(value), "NAME", "consolemail://")
    assert "secret" not in str(info.value)


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("a.example,b.example", ["a.example", "b.example"]),
        (" a.example , b.example, ", ["a.example", "b.example"]),
        ("", ["localhost"]),
        (" , ", ["localhost"]),
        (None, ["localhost"]),
    ],
)
def test_several_words_may_have_spaces_between_them(
    value: str | None, read: list[str]
) -> None:
    assert several(env_of(value), "NAME", ["localhost"]) == read
