from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from mimika.core.images import DEFAULT_LIMITS
from mimika.core.preprocess import UInt8Array
from mimika.web.analyses.forms import HistoryForm, UploadForm

Upload = Callable[..., SimpleUploadedFile]


def form_of(upload: SimpleUploadedFile, note: str = "") -> UploadForm:
    return UploadForm({"note": note}, MultiValueDict({"pictures": [upload]}))


def form_of_several(*uploads: SimpleUploadedFile) -> UploadForm:
    return UploadForm({}, MultiValueDict({"pictures": list(uploads)}))


def pixels_of(form: UploadForm) -> UInt8Array:
    ((_, picture),) = form.cleaned_data["pictures"]
    pixels: UInt8Array = picture.pixels
    return pixels


def test_a_picture_without_a_note_is_enough(upload: Upload) -> None:
    form = form_of(upload())
    assert form.is_valid()
    assert pixels_of(form).shape == (240, 320, 3)
    del form.cleaned_data["pictures"]
    assert form.cleaned_data == {
        "title": "",
        "note": "",
        "taken": None,
        "seen": "",
        "faces_mode": "find",
        "detail": "fine",
    }


def test_of_several_pictures_each_is_read(upload: Upload) -> None:
    form = form_of_several(upload(name="a.jpg"), upload(name="b.jpg"))
    assert form.is_valid()
    assert [name for name, _ in form.cleaned_data["pictures"]] == ["a.jpg", "b.jpg"]


def test_of_several_pictures_the_bad_ones_are_named(upload: Upload) -> None:
    form = form_of_several(
        upload(name="good.jpg"),
        upload(b"x", "bad.jpg"),
        upload(b"BM" + bytes(60), "c.bmp"),
    )
    first, second = form.errors["pictures"]
    assert first.startswith("bad.jpg: This file is not a picture")
    assert second.startswith("c.bmp: This picture is damaged")


def test_more_pictures_than_twenty_are_too_many(upload: Upload) -> None:
    form = form_of_several(*[upload()] * 21)
    assert "You chose 21 pictures; at most 20" in form.errors["pictures"][0]


@pytest.mark.parametrize("day", ["1825-12-31", "2999-01-01", "yesterday"])
def test_a_day_before_photography_or_in_the_future_is_refused(
    day: str, upload: Upload
) -> None:
    form = UploadForm({"taken": day}, MultiValueDict({"pictures": [upload()]}))
    assert list(form.errors) == ["taken"]


@pytest.mark.parametrize("field", ["seen", "faces_mode", "detail"])
def test_a_choice_that_is_not_offered_is_refused(field: str, upload: Upload) -> None:
    form = UploadForm({field: "x"}, MultiValueDict({"pictures": [upload()]}))
    assert list(form.errors) == [field]


def test_a_wrong_question_to_the_history_is_as_good_as_none() -> None:
    asked = {"q": "sea", "emotion": "x", "since": "x", "sort": "x"}
    form = HistoryForm(asked)
    form.is_valid()
    assert form.cleaned_data == {"q": "sea", "state": "", "until": None}


def test_without_a_picture_the_message_stands_at_the_picture() -> None:
    assert UploadForm({"note": "x"}, {}).errors == {"pictures": ["Choose a picture."]}


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
    assert list(form.errors) == ["pictures"]
    assert message in form.errors["pictures"][0]
    assert form["note"].value() == "stays"


def test_a_name_that_lies_about_the_format_does_not_matter(
    upload: Upload, picture_bytes: Callable[..., bytes]
) -> None:
    assert form_of(upload(picture_bytes(form="PNG"), "photo.exe")).is_valid()


def test_a_truncated_picture_is_said_to_be_damaged(
    upload: Upload, picture_bytes: Callable[..., bytes]
) -> None:
    form = form_of(upload(picture_bytes()[:900]))
    assert "damaged or cut short" in form.errors["pictures"][0]


def test_too_many_pixels_are_counted_for_the_person(
    upload: Upload, picture_bytes: Callable[..., bytes]
) -> None:
    form = form_of(upload(picture_bytes(width=6000, height=5000, form="PNG")))
    assert "30.0 megapixels" in form.errors["pictures"][0]


def test_ends_of_lines_in_a_note_count_once(upload: Upload) -> None:
    form = form_of(upload(), note="a\r\n" * 249 + "bc")
    assert form.is_valid()
    assert len(form.cleaned_data["note"]) == 500


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
    ((found, _),) = form.cleaned_data["pictures"]
    assert found == kept
