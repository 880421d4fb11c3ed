"""The form for a picture and a note."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from mimika.core.errors import ImageError
from mimika.core.images import DEFAULT_LIMITS, FORMATS, MEGA
from mimika.web.analyses.models import NAME_LENGTH, NOTE_LENGTH
from mimika.web.analyses.pictures import Prepared, prepare
from mimika.web.analyses.service import explain

# Named one by one: a phone then converts what its camera writes, such as HEIC.
ACCEPT = ",".join(f"image/{name.lower()}" for name in FORMATS)
LIMIT_MB = DEFAULT_LIMITS.max_bytes / MEGA
TOO_LARGE = (
    f"The file has more than {LIMIT_MB:g} MB, which is the most that is accepted. "
    "Save it smaller and choose it again."
)


class UploadForm(forms.Form):
    """A picture, and what its owner wants to remember about it."""

    picture = forms.FileField(
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=f"JPEG, PNG, WebP or BMP, at most {LIMIT_MB:g} MB.",
        error_messages={"required": "Choose a picture.", "empty": "The file is empty."},
    )
    note = forms.CharField(
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Optional. Only you see it.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Takes what every form takes."""
        super().__init__(*args, **kwargs)
        self.original_name = ""

    def clean_picture(self) -> Prepared:
        """The picture, read and encoded again.

        Raises:
            ValidationError: it cannot be used; the message says why.
        """
        upload: UploadedFile[bytes] = self.cleaned_data["picture"]
        if (upload.size or 0) > DEFAULT_LIMITS.max_bytes:
            raise ValidationError(TOO_LARGE, "too_large")
        name = upload.name or ""
        self.original_name = "".join(c for c in name if c.isprintable())[-NAME_LENGTH:]
        try:
            return prepare(upload.read())
        except ImageError as error:
            raise ValidationError(explain(error).message, "picture") from error
