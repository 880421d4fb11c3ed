"""Configuration of the app."""

from django.apps import AppConfig


class AnalysesConfig(AppConfig):
    """Analyses: the form, the result, the history."""

    name = "mimika.web.analyses"
