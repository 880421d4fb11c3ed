"""The forms: pictures to send, an opinion about a face, and what the history shows."""

import datetime
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from mimika.core.errors import ImageError
from mimika.core.images import DEFAULT_LIMITS, MEGA
from mimika.web.analyses.models import (
    EMOTIONS,
    NAME_LENGTH,
    NOTE_LENGTH,
    TITLE_LENGTH,
    Detail,
    FacesMode,
    State,
)
from mimika.web.analyses.offered import OfferedModel
from mimika.web.analyses.pictures import Prepared, prepare
from mimika.web.images import ACCEPT, explain
from mimika.web.prose import ProseField

LIMIT_MB = DEFAULT_LIMITS.max_bytes / MEGA
MOST_PICTURES = 20
TOO_LARGE = (
    f"The file has more than {LIMIT_MB:g} MB, which is the most that is accepted. "
    "Save it smaller and choose it again."
)
EARLIEST = datetime.date(1826, 1, 1)  # the oldest photograph that is kept


NOT_OFFERED = "That model is not offered any more; choose another one."


class SeveralFiles(forms.FileInput):
    """A file dialog in which several files may be chosen."""

    allow_multiple_selected = True


class PicturesField(forms.FileField):
    """Several pictures, each read and encoded again.

    Its value is a list of pairs: the name that the file had, and the picture.
    """

    widget = SeveralFiles
    is_whole = False  # whether all pixels are kept

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Reads them.

        Raises:
            ValidationError: there is none, there are too many, or some cannot be used;
                the messages name the files.
        """
        several = list(data) if isinstance(data, (list, tuple)) else [data]
        uploads = several or [None]
        if len(uploads) > MOST_PICTURES:
            raise ValidationError(
                f"You chose {len(uploads)} pictures; at most {MOST_PICTURES} can be "
                "sent at a time.",
                "too_many",
            )
        checked = [super(PicturesField, self).clean(one, initial) for one in uploads]
        read, errors = [], []
        for upload in checked:
            try:
                read.append(_read(upload, is_whole=self.is_whole))
            except ValidationError as error:
                errors.append(_named(upload, error, len(checked)))
        if errors:
            raise ValidationError(errors)
        return read


def _read(upload: "UploadedFile[bytes]", *, is_whole: bool) -> tuple[str, Prepared]:
    if (upload.size or 0) > DEFAULT_LIMITS.max_bytes:
        raise ValidationError(TOO_LARGE, "too_large")
    try:
        return shown_name(upload.name or ""), prepare(upload.read(), is_whole=is_whole)
    except ImageError as error:
        raise ValidationError(explain(error), "picture") from error


def _named(
    upload: "UploadedFile[bytes]", error: ValidationError, count: int
) -> ValidationError:
    """The same error; of several files it says which."""
    if count == 1:
        return error
    return ValidationError(
        f"{shown_name(upload.name or '')}: {error.messages[0]}", error.code
    )


def shown_name(name: str) -> str:
    """A file's name as text: printable, and its end where it is too long."""
    return "".join(c for c in name if c.isprintable())[-NAME_LENGTH:]


class UploadForm(forms.Form):
    """Pictures, and what their owner wants to remember about them."""

    pictures = PicturesField(
        widget=SeveralFiles(attrs={"accept": ACCEPT}),
        help_text=(
            f"JPEG, PNG, WebP or BMP, at most {LIMIT_MB:g} MB each, up to "
            f"{MOST_PICTURES} at a time."
        ),
        error_messages={"required": "Choose a picture.", "empty": "The file is empty."},
    )
    title = forms.CharField(
        required=False, max_length=TITLE_LENGTH, help_text="Optional."
    )
    note = ProseField(
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Optional. Only you see it.",
    )
    taken = forms.DateField(
        label="Date taken",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    seen = forms.ChoiceField(
        label="Which emotion do you see?",
        required=False,
        choices=[("", "I would rather not say"), *EMOTIONS],
    )
    faces_mode = forms.ChoiceField(
        label="The picture",
        choices=FacesMode.choices,
        initial=FacesMode.FIND,
        widget=forms.RadioSelect,
        required=False,
    )
    detail = forms.ChoiceField(
        label="How carefully",
        choices=Detail.choices,
        initial=Detail.FINE,
        widget=forms.RadioSelect,
        required=False,
    )

    def __init__(
        self, *values: Any, offered: Sequence[OfferedModel] = (), **more: Any
    ) -> None:
        """Asks what to look for where there is a choice.

        Args:
            values: as Django's forms take them.
            offered: the models that people may choose.
            more: likewise.
        """
        super().__init__(*values, **more)
        self._offered = {model.name: model for model in offered}
        chosen, pictures = self._chosen, self.fields["pictures"]
        if isinstance(pictures, PicturesField) and chosen is not None:
            # the size of things may be what tells its classes apart
            pictures.is_whole = not chosen.finds_faces
        if len(offered) > 1:
            choices = [(model.name, model.shown) for model in offered]
            self.fields["model_name"] = forms.ChoiceField(
                label="What to look for",
                choices=choices,
                initial=offered[0].name,
                widget=forms.RadioSelect,
                error_messages={"invalid_choice": NOT_OFFERED},
            )
            seen = self.fields["seen"]
            seen.label = "What do you see?"
            names = {k: v for model in offered for k, v in model.choices}
            if isinstance(seen, forms.ChoiceField):
                seen.choices = [("", "I would rather not say"), *names.items()]

    def clean(self) -> dict[str, Any]:
        """Drops what does not go with the model; one that is alone needs no choice."""
        cleaned = super().clean() or {}
        model = self._chosen
        if model is None:
            if self._asked and self._offered and not self.errors:
                self.add_error(None, NOT_OFFERED)
            return cleaned
        if not model.finds_faces:
            cleaned["faces_mode"] = FacesMode.WHOLE
        if cleaned.get("seen") not in dict(model.choices):
            cleaned["seen"] = ""
        cleaned["model_name"] = "" if model.is_shipped else model.name
        return cleaned

    @property
    def tasks(self) -> dict[str, dict[str, object]]:
        """What goes with each model, by its name; the page's script reads it."""
        return {
            name: {
                "finds_faces": model.finds_faces,
                "classes": [key for key, _ in model.choices],
            }
            for name, model in self._offered.items()
        }

    @property
    def _asked(self) -> str:
        """The name that was sent, whether there is a field for it or not."""
        return str(self.data.get("model_name", ""))

    @property
    def _chosen(self) -> OfferedModel | None:
        """The model that was asked for; the first where none was named."""
        if self._asked:
            return self._offered.get(self._asked)
        return next(iter(self._offered.values()), None)

    def clean_taken(self) -> datetime.date | None:
        """The day, which is over or today, and not before photography.

        Raises:
            ValidationError: it is.
        """
        taken: datetime.date | None = self.cleaned_data["taken"]
        # a day more, because the person may live east of the server
        latest = timezone.localdate() + datetime.timedelta(days=1)
        if taken is not None and not EARLIEST <= taken <= latest:
            raise ValidationError("Choose a day between 1826 and today.", "taken")
        return taken

    def clean_faces_mode(self) -> str:
        """What was chosen, or that faces are looked for."""
        return self.cleaned_data["faces_mode"] or FacesMode.FIND

    def clean_detail(self) -> str:
        """What was chosen, or fine."""
        return self.cleaned_data["detail"] or Detail.FINE


SORTS = {
    "newest": ("-created", "id"),
    "oldest": ("created", "id"),
    "title": ("title", "original_name", "-created", "id"),
    "taken": ("-taken", "-created", "id"),
}


class HistoryForm(forms.Form):
    """What the history shows. A wrong value of an address is as good as none."""

    def __init__(
        self, *values: Any, classes: Sequence[tuple[str, str]] = EMOTIONS, **more: Any
    ) -> None:
        """Takes keys and names of all classes that there are."""
        super().__init__(*values, **more)
        if len(classes) > len(EMOTIONS):
            self.fields["emotion"] = forms.ChoiceField(
                label="Answer", required=False, choices=[("", "Any"), *classes]
            )

    q = forms.CharField(
        label="Search", required=False, widget=forms.TextInput(attrs={"type": "search"})
    )
    emotion = forms.ChoiceField(required=False, choices=[("", "Any"), *EMOTIONS])
    state = forms.ChoiceField(required=False, choices=[("", "Any"), *State.choices])
    since = forms.DateField(
        label="Sent since", required=False, widget=forms.DateInput({"type": "date"})
    )
    until = forms.DateField(
        label="Sent until", required=False, widget=forms.DateInput({"type": "date"})
    )
    sort = forms.ChoiceField(
        required=False,
        choices=[
            ("", "Newest first"),
            ("oldest", "Oldest first"),
            ("title", "By title"),
            ("taken", "By date taken"),
        ],
    )


class OpinionForm(forms.Form):
    """Which class a person sees; empty to take it back."""

    opinion = forms.ChoiceField(required=False, choices=[("", "—"), *EMOTIONS])

    def __init__(
        self, *values: Any, classes: Sequence[tuple[str, str]] = EMOTIONS, **more: Any
    ) -> None:
        """Takes keys and names of the classes of the answer."""
        super().__init__(*values, **more)
        self.fields["opinion"] = forms.ChoiceField(
            required=False, choices=[("", "—"), *classes]
        )
