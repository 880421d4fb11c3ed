"""People, and when they signed in."""

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

ABOUT_LENGTH = 1000
AGENT_LENGTH = 200


class User(AbstractUser):
    """Somebody with an account.

    A model of our own from the start, because Django cannot change to one later.

    Attributes:
        about: what they say of themselves; only they see it.
        has_picture: whether there is a picture: see `accounts.pictures`.
        computations: how many computations were finished for them; only ever raised,
            also when the results are deleted.
        first_used: when the first of these was finished.
        last_used: when the latest was finished.
    """

    email = models.EmailField("e-mail address")
    about = models.TextField(max_length=ABOUT_LENGTH, blank=True)
    has_picture = models.BooleanField(default=False, editable=False)
    computations = models.PositiveBigIntegerField(default=0)
    first_used = models.DateTimeField(null=True, blank=True)
    last_used = models.DateTimeField(null=True, blank=True)

    class Meta(AbstractUser.Meta):
        """What Django asks for."""

        constraints = [  # noqa: RUF012  Django's own form
            models.UniqueConstraint(Lower("email"), name="unique_email"),
            models.UniqueConstraint(Lower("username"), name="unique_username"),
        ]


class SignIn(models.Model):
    """One time that somebody signed in.

    Attributes:
        user: who.
        at: when.
        address: from where; none where it is unknown.
        agent: what the browser called itself; shown as text only.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="sign_ins"
    )
    at = models.DateTimeField(default=timezone.now, editable=False)
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=AGENT_LENGTH, blank=True)

    class Meta:
        """What Django asks for."""

        ordering = ("-at", "-id")
        indexes = [  # noqa: RUF012  Django's own form
            models.Index(fields=["user", "-at"], name="sign_ins_of_user")
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
