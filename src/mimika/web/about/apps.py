"""Configuration of the app."""

from django.apps import AppConfig


class AboutConfig(AppConfig):
    """About the model: its card, its figures, its limits."""

    name = "mimika.web.about"
