"""Tags of the frame around every page."""

from functools import cache
from importlib import metadata

from django import template

register = template.Library()


@register.simple_tag
@cache
def version() -> str:
    """The version of the package."""
    return metadata.version("mimika")
