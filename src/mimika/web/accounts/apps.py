"""Configuration of the app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People: register, log in, log out, own data."""

    name = "mimika.web.accounts"
