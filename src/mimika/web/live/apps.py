"""Configuration of the app."""

from django.apps import AppConfig


class LiveConfig(AppConfig):
    """The live page, and the networks that browsers may fetch for it."""

    name = "mimika.web.live"
