"""Reads settings from the environment; a wrong value is named, never guessed at."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from environ import Env

from mimika.core.listening import is_http

FLAGS = {
    **dict.fromkeys(("1", "true", "yes", "on"), True),
    **dict.fromkeys(("", "0", "false", "no", "off"), False),
}
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


def flag(env: Env, name: str) -> bool:
    """A setting that is on or off; off where it is not set.

    Raises:
        ImproperlyConfigured: it is neither.
    """
    value = env.str(name, default="").strip()
    if value.lower() not in FLAGS:
        raise ImproperlyConfigured(f"{name} is {value!r}; expected true or false")
    return FLAGS[value.lower()]


def level(env: Env, name: str, default: str) -> str:
    """The name of a level of logging.

    Raises:
        ImproperlyConfigured: it is none.
    """
    value: str = env.str(name, default=default).strip().upper()
    if value not in LEVELS:
        raise ImproperlyConfigured(
            f"{name} is {value!r}; expected one of {', '.join(LEVELS)}"
        )
    return value


def several(env: Env, name: str, default: Sequence[str]) -> list[str]:
    """Words separated by commas, with or without spaces around them.

    Args:
        env: where to read.
        name: of the variable.
        default: where it holds no word.
    """
    words = (word.strip() for word in env.str(name, default="").split(","))
    return [word for word in words if word] or list(default)


def seconds(env: Env, name: str, default: float) -> float:
    """A duration.

    Raises:
        ImproperlyConfigured: it is not a number above 0.
    """
    value = env.str(name, default=str(default)).strip()
    try:
        number = float(value)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise ImproperlyConfigured(
            f"{name} is {value!r}; expected a number of seconds above 0"
        )
    return number


def count(env: Env, name: str, default: int) -> int:
    """A number of things.

    Raises:
        ImproperlyConfigured: it is not a whole number above 0.
    """
    value = env.str(name, default="").strip() or str(default)
    if not (value.isascii() and value.isdigit() and int(value) > 0):
        raise ImproperlyConfigured(f"{name} is {value!r}; expected a number above 0")
    return int(value)


def address(env: Env, name: str, default: str) -> str:
    """Where something is reached over HTTP.

    Raises:
        ImproperlyConfigured: it is no such address.
    """
    value: str = env.str(name, default="").strip() or default
    if not is_http(value):
        raise ImproperlyConfigured(
            f"{name} is {value!r}; expected an address such as {default}"
        )
    return value


def email(env: Env, name: str, default: str) -> dict[str, Any]:
    """Django's `EMAIL_*` settings from an address such as `smtp://user:key@host:587`.

    The address may hold a password, so it is not repeated in the error.

    Raises:
        ImproperlyConfigured: it is none.
    """
    value = env.str(name, default="").strip() or default
    try:
        found: dict[str, Any] = env.email_url_config(value)
    except (ImproperlyConfigured, ValueError) as error:
        raise ImproperlyConfigured(
            f"{name} cannot be read; expected smtp://, smtp+tls:// or smtp+ssl:// with "
            "user:password@host:port, or consolemail://"
        ) from error
    return found


def days(env: Env, name: str) -> int | None:
    """A number of days; None where it is not set.

    Raises:
        ImproperlyConfigured: it is not a whole number above 0.
    """
    is_set = env.str(name, default="").strip()
    return count(env, name, default=1) if is_set else None
