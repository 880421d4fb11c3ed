"""Reads settings from the environment; a wrong value is named, never guessed at."""

from django.core.exceptions import ImproperlyConfigured
from environ import Env

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


def days(env: Env, name: str) -> int | None:
    """A number of days; None where it is not set.

    Raises:
        ImproperlyConfigured: it is not a whole number above 0.
    """
    value = env.str(name, default="").strip()
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and int(value)):
        raise ImproperlyConfigured(
            f"{name} is {value!r}; expected a whole number of days above 0"
        )
    return int(value)
