"""The form that sends somebody a link to set a new password.

Its answer is the same for every address, and takes as long: both look into the
database, and writing and sending the mail happens beside the request.
"""

import contextvars
import logging
import threading
from collections.abc import Iterator
from typing import Any

from django.contrib.auth.forms import PasswordResetForm

from mimika.web.accounts.models import User

logger = logging.getLogger(__name__)

THREAD = "mail"


class ResetForm(PasswordResetForm):
    """Asks for an e-mail address."""

    def get_users(self, email: str) -> Iterator[User]:
        """The people of this address, at most one."""
        people = list(super().get_users(email))
        who = f"user {people[0].pk}" if people else "nobody's address"
        logger.info("password reset asked: %s", who)
        return iter(people)

    def send_mail(self, *args: Any, **kwargs: Any) -> None:
        """Writes and sends in a thread, whose log lines keep the request's id.

        Not a daemon: a server that stops waits until the mail is out.
        """
        context = contextvars.copy_context()
        send = super().send_mail
        threading.Thread(
            target=lambda: context.run(send, *args, **kwargs), name=THREAD
        ).start()
