"""People."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower


class User(AbstractUser):
    """Somebody with an account.

    A model of our own from the start, because Django cannot change to one later.
    """

    email = models.EmailField("e-mail address")

    class Meta(AbstractUser.Meta):
        """What Django asks for."""

        constraints = [  # noqa: RUF012  Django's own form
            models.UniqueConstraint(Lower("email"), name="unique_email"),
            models.UniqueConstraint(Lower("username"), name="unique_username"),
        ]
