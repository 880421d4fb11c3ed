"""Configuration of the app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People: register, log in, log out, own data."""

    name = "mimika.web.accounts"

    def ready(self) -> None:
        """Begins to write down who signs in; models can be imported only now."""
        from mimika.web.accounts import sign_ins

        sign_ins.connect()
