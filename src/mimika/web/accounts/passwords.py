"""Django's own pages around passwords, with our templates and our log."""

import logging
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.http import HttpResponse
from django.urls import reverse_lazy

from mimika.web.accounts.models import User
from mimika.web.accounts.reset import ResetForm

if TYPE_CHECKING:  # a type only for type checkers: Django's class takes no parameter
    SetForm = SetPasswordForm[User]
else:
    SetForm = SetPasswordForm

CONSOLE = "django.core.mail.backends.console.EmailBackend"

logger = logging.getLogger(__name__)


class Change(views.PasswordChangeView):
    """Asks for the old password and twice for the new; other sessions end."""

    template_name = "accounts/password_change.html"
    success_url = reverse_lazy("accounts:account")

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        """Stores the new one."""
        response = super().form_valid(form)
        logger.info("password changed: user %d", form.user.pk)
        text = "Your password is changed. Every other browser is logged out."
        messages.success(self.request, text)
        return response


class Reset(views.PasswordResetView):
    """Asks for the e-mail address to send a link to."""

    form_class = ResetForm
    template_name = "accounts/reset.html"
    email_template_name = "accounts/reset_mail.txt"
    subject_template_name = "accounts/reset_subject.txt"
    success_url = reverse_lazy("accounts:reset-sent")


class ResetSent(views.PasswordResetDoneView):
    """Says where to look for the mail."""

    template_name = "accounts/reset_sent.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds whether mails are only written to the console."""
        printed = settings.EMAIL_BACKEND == CONSOLE
        return super().get_context_data(printed=printed, **kwargs)


class ResetConfirm(views.PasswordResetConfirmView):
    """Where the link leads: the new password, twice."""

    template_name = "accounts/reset_confirm.html"
    success_url = reverse_lazy("accounts:login")

    def form_valid(self, form: SetForm) -> HttpResponse:
        """Stores the new one; the link is used up, and every session has ended."""
        response = super().form_valid(form)
        logger.info("password reset: user %d", form.user.pk)
        messages.success(self.request, "Your password is set. Log in with it.")
        return response
