"""Configuration of the app."""

from django.apps import AppConfig
from django.db.models.signals import post_delete


class AnalysesConfig(AppConfig):
    """Pictures, results and their history."""

    name = "mimika.web.analyses"

    def ready(self) -> None:
        """Connects what happens when a result is deleted."""
        from mimika.web.analyses.models import Analysis
        from mimika.web.analyses.signals import remove_pictures

        post_delete.connect(remove_pictures, Analysis, dispatch_uid="remove_pictures")
