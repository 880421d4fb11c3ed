"""Configuration of the app."""

from django.apps import AppConfig


class ThrottlesConfig(AppConfig):
    """Limits on how often something may be tried, shared by all processes."""

    name = "mimika.web.throttles"
