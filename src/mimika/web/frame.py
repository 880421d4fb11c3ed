"""Tags and filters of the frame around every page."""

from functools import cache
from importlib import metadata
from math import ceil

from django import template

register = template.Library()


@register.simple_tag
@cache
def version() -> str:
    """The version of the package."""
    return metadata.version("mimika")


@register.filter
def minutes(wait_s: float) -> str:
    """A wait in words: `1 minute`, `12 minutes`; rounded up, so that it is enough."""
    number = max(1, ceil(wait_s / 60))
    return f"{number} minute" if number == 1 else f"{number} minutes"
