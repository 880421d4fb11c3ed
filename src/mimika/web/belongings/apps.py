"""Configuration of the app."""

from django.apps import AppConfig


class BelongingsConfig(AppConfig):
    """All that is somebody's, over all apps: to take along and to delete."""

    name = "mimika.web.belongings"

    def ready(self) -> None:
        """Begins to watch for deletions; models can be imported only now."""
        from mimika.web.belongings import deletion

        deletion.connect()
