from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from mimika.core.images import DEFAULT_LIMITS
from mimika.web.analyses.forms import UploadForm

Upload = Callable[..., SimpleUploadedFile]


def form_of(upload: SimpleUploadedFile, note: str = "") -> UploadForm:
    return UploadForm({"note": note}, {"picture": upload})


def test_a_picture_without_a_note_is_enough(upload: Upload) -> None:
    form = form_of(upload())
    assert form.is_valid()
    assert form.cleaned_data["picture"].pixels.shape == (240, 320, 3)
    assert form.cleaned_data["note"] == ""


def test_without_a_picture_the_message_stands_at_the_picture() -> None:
    assert UploadForm({"note": "x"}, {}).errors == {"picture": ["Choose a picture."]}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "The file is empty."),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a picture in an accepted"),
        (b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", "not a picture in an accepted"),
        (b"BM" + bytes(60), "damaged"),
        (bytes(DEFAULT_LIMITS.max_bytes + 1), "more than 15 MB"),
    ],
)
def test_what_cannot_be_used_is_said_at_the_picture(
    data: bytes, message: str, upload: Upload
) -> None:
    form = form_of(upload(data), "stays")
    assert list(form.errors) == ["picture"]
    assert message in form.errors["picture"][0]
    assert form["note"].value() == "stays"


def test_a_name_that_lies_about_the_format_does_not_matter(
    upload: Upload, picture_bytes: Callable[..., bytes]
) -> None:
    assert form_of(upload(picture_bytes(form="PNG"), "photo.exe")).is_valid()


def test_a_truncated_picture_is_said_to_be_damaged(
    upload: Upload, picture_bytes: Callable[..., bytes]
) -> None:
    form = form_of(upload(picture_bytes()[:900]))
    assert "damaged or cut short" in form.errors["picture"][0]


def test_too_many_pixels_are_counted_for_the_person(
    upload: Upload, picture_bytes: Callable[..., bytes]
) -> None:
    form = form_of(upload(picture_bytes(width=6000, height=5000, form="PNG")))
    assert "30.0 megapixels" in form.errors["picture"][0]


def test_a_note_of_501_letters_is_too_long(upload: Upload) -> None:
    assert form_of(upload(), "x" * 500).is_valid()
    assert list(form_of(upload(), "x" * 501).errors) == ["note"]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Søren 😀.jpg", "Søren 😀.jpg"),
        ("../../etc/passwd", "passwd"),
        ("a\u202egpj.exe", "agpj.exe"),
        ("x" * 300 + ".jpg", "x" * 251 + ".jpg"),
    ],
)
def test_the_files_name_is_kept_as_harmless_text(
    name: str, kept: str, upload: Upload
) -> None:
    form = form_of(upload(name=name))
    assert form.is_valid()
    assert form.original_name == kept
