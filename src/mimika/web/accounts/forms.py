"""The form to register."""

from typing import TYPE_CHECKING

from django.contrib.auth.forms import UserCreationForm
from django.core.exceptions import ValidationError

from mimika.web.accounts.models import User

if TYPE_CHECKING:  # a type only for type checkers: Django's class takes no parameter
    Base = UserCreationForm[User]
else:
    Base = UserCreationForm


class RegisterForm(Base):
    """User name, e-mail address and the password twice."""

    class Meta(UserCreationForm.Meta):
        """What Django asks for."""

        model = User
        fields = ("username", "email")

    def clean_email(self) -> str:
        """The address, which nobody else has in any spelling of upper and lower case.

        Raises:
            ValidationError: somebody has it.
        """
        email: str = self.cleaned_data["email"]
        if User.objects.filter(email__iexact=email).exists():
            raise ValidationError("An account with this e-mail address exists.")
        return email
