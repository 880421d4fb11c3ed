"""The forms to register, to edit the profile and to delete the account."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.forms import UserCreationForm
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from mimika.core.errors import ImageError
from mimika.core.images import DEFAULT_LIMITS, MEGA
from mimika.web.accounts.models import ABOUT_LENGTH, User
from mimika.web.accounts.pictures import portrait
from mimika.web.images import ACCEPT, explain
from mimika.web.prose import ProseField

if TYPE_CHECKING:  # types only for type checkers: Django's classes take no parameter
    Base = UserCreationForm[User]
    ModelForm = forms.ModelForm[User]
else:
    Base = UserCreationForm
    ModelForm = forms.ModelForm

LIMIT_MB = DEFAULT_LIMITS.max_bytes / MEGA
TOO_LARGE = (
    f"The file has more than {LIMIT_MB:g} MB, which is the most that is accepted. "
    "Save it smaller and choose it again."
)
TAKEN = "An account with this e-mail address exists."


class RegisterForm(Base):
    """User name, e-mail address and the password twice."""

    class Meta(UserCreationForm.Meta):
        """What Django asks for."""

        model = User
        fields = ("username", "email")
        widgets = {"email": forms.EmailInput(attrs={"autocomplete": "email"})}  # noqa: RUF012  Django's own form

    def clean_email(self) -> str:
        """The address, which nobody else has in any spelling of upper and lower case.

        Raises:
            ValidationError: somebody has it.
        """
        email: str = self.cleaned_data["email"]
        if User.objects.filter(email__iexact=email).exists():
            raise ValidationError(TAKEN)
        return email


class PasswordField(forms.CharField):
    """The present password of somebody who is logged in."""

    def __init__(self, **kwargs: Any) -> None:
        """Takes what every field takes."""
        attributes = {"autocomplete": "current-password"}
        widget = forms.PasswordInput(attrs=attributes)
        super().__init__(strip=False, widget=widget, **kwargs)


class ProfileForm(ModelForm):
    """What people may change about themselves.

    A new e-mail address asks for the password: whoever reads the mail of an account
    can set its password, so a browser left open would be enough to take it over.
    """

    about = ProseField(
        required=False,
        max_length=ABOUT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        label="About you",
        help_text=f"Optional. At most {ABOUT_LENGTH:,} characters; only you see it.",
    )
    picture = forms.FileField(
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=f"Optional. JPEG, PNG, WebP or BMP, at most {LIMIT_MB:g} MB; "
        "the square in its middle is kept.",
        error_messages={"empty": "The file is empty."},
    )
    remove_picture = forms.BooleanField(required=False, label="Remove the picture")
    password = PasswordField(
        required=False,
        label="Your password",
        help_text="Needed only for a new e-mail address.",
    )

    class Meta:
        """What Django asks for."""

        model = User
        fields = ("first_name", "last_name", "email", "about")
        widgets = {  # noqa: RUF012  Django's own form
            "first_name": forms.TextInput(attrs={"autocomplete": "given-name"}),
            "last_name": forms.TextInput(attrs={"autocomplete": "family-name"}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Takes what every form of a model takes."""
        super().__init__(*args, **kwargs)
        self.email_before = self.instance.email
        if not self.instance.has_picture:
            del self.fields["remove_picture"]

    def clean_email(self) -> str:
        """The address, which nobody else has in any spelling of upper and lower case.

        Raises:
            ValidationError: somebody else has it.
        """
        email: str = self.cleaned_data["email"]
        others = User.objects.exclude(pk=self.instance.pk)
        if others.filter(email__iexact=email).exists():
            raise ValidationError(TAKEN)
        return email

    def clean_picture(self) -> bytes | None:
        """The picture as it is kept, or None where no file was chosen.

        Raises:
            ValidationError: it cannot be used; the message says why.
        """
        upload: UploadedFile[bytes] | None = self.cleaned_data["picture"]
        if upload is None:
            return None
        if (upload.size or 0) > DEFAULT_LIMITS.max_bytes:
            raise ValidationError(TOO_LARGE, "too_large")
        try:
            return portrait(upload.read())
        except ImageError as error:
            raise ValidationError(explain(error), "picture") from error

    def clean_password(self) -> str:
        """The password, which is right where the e-mail address is a new one.

        Raises:
            ValidationError: it is not.
        """
        password: str = self.cleaned_data["password"]
        email = self.cleaned_data.get("email", self.email_before)
        if email != self.email_before and not self.instance.check_password(password):
            raise ValidationError("Enter your password to change the e-mail address.")
        return password


class DeleteForm(forms.Form):
    """Asks for the password once more."""

    password = PasswordField(label="Your password")

    def __init__(self, person: User, *args: Any, **kwargs: Any) -> None:
        """Takes whose account it is, and what every form takes."""
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self) -> str:
        """The password, which is right.

        Raises:
            ValidationError: it is not.
        """
        password: str = self.cleaned_data["password"]
        if not self.person.check_password(password):
            raise ValidationError("This is not your password.")
        return password
