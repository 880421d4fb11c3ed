import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from mimika.core.images import DEFAULT_LIMITS
from mimika.web.accounts.forms import DeleteForm, ProfileForm, RegisterForm
from mimika.web.accounts.models import User

GOOD = {
    "username": "dora",
    "email": "dora@example.org",
    "password1": "correct horse battery",
    "password2": "correct horse battery",
}


@pytest.mark.django_db
def test_a_person_is_made_with_name_address_and_password() -> None:
    person = RegisterForm(GOOD).save()
    assert (person.username, person.email) == ("dora", "dora@example.org")
    assert person.check_password("correct horse battery")
    assert not person.is_staff


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value", "at", "message"),
    [
        ("username", "", "username", "required"),
        ("username", "ALICE", "username", "already exists"),
        ("username", "a b", "username", "valid username"),
        ("email", "", "email", "required"),
        ("email", "dora", "email", "valid email"),
        ("email", "Alice@Example.org", "email", "e-mail address exists"),
        ("password1", "", "password1", "required"),
        ("password2", "another phrase", "password2", "match"),
    ],
)
def test_an_error_stands_beside_its_field(
    field: str, value: str, at: str, message: str, alice: User
) -> None:
    form = RegisterForm({**GOOD, field: value})
    assert not form.is_valid()
    assert list(form.errors) == [at]
    assert message in " ".join(form.errors[at])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "password", ["short1", "password123", "4815162342", "dora@example.org"]
)
def test_a_weak_password_is_refused(password: str) -> None:
    form = RegisterForm({**GOOD, "password1": password, "password2": password})
    assert list(form.errors) == ["password2"]


@pytest.mark.django_db
def test_browsers_are_told_what_the_fields_of_registering_are() -> None:
    html = str(RegisterForm())
    for kind in ("username", "email", "new-password"):
        assert f'autocomplete="{kind}"' in html


# The profile

PROFILE = {"first_name": "Ada", "last_name": "L", "email": "alice@example.org"}


def profile(person: User, picture: bytes | None = None, **changed: str) -> ProfileForm:
    files = {} if picture is None else {"picture": SimpleUploadedFile("p.jpg", picture)}
    return ProfileForm({**PROFILE, **changed}, files, instance=person)


@pytest.mark.parametrize(
    ("changed", "at", "message"),
    [
        ({"email": ""}, "email", "required"),
        ({"email": "ada"}, "email", "valid email"),
        ({"email": "CHARLIE@example.org"}, "email", "e-mail address exists"),
        ({"email": "new@example.org"}, "password", "Enter your password"),
        ({"about": "x" * 1001}, "about", "at most 1000"),
        ({"first_name": "x" * 151}, "first_name", "at most 150"),
    ],
)
def test_an_error_of_the_profile_stands_beside_its_field(
    changed: dict[str, str], at: str, message: str, alice: User, charlie: User
) -> None:
    password = {} if at == "password" else {"password": "correct horse battery"}
    form = profile(alice, **{**password, **changed})
    assert list(form.errors) == [at]
    assert message in " ".join(form.errors[at])


def test_ones_own_address_in_another_spelling_is_accepted(alice: User) -> None:
    changed = {"email": "ALICE@example.org", "password": "correct horse battery"}
    assert profile(alice, **changed).is_valid()


def test_without_a_new_address_no_password_is_needed(alice: User) -> None:
    assert profile(alice, about="hello").is_valid()


def test_ends_of_lines_count_once_as_in_the_browser(alice: User) -> None:
    form = profile(alice, about="a\r\n" * 499 + "bc")
    assert form.is_valid()
    assert form.cleaned_data["about"].count("\n") == 499


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "The file is empty."),
        (b"no picture", "not a picture in an accepted format"),
        (bytes(DEFAULT_LIMITS.max_bytes + 1), "more than 15 MB"),
    ],
)
def test_a_picture_that_cannot_be_used_is_said_beside_its_field(
    data: bytes, message: str, alice: User
) -> None:
    form = profile(alice, picture=data)
    assert list(form.errors) == ["picture"]
    assert message in " ".join(form.errors["picture"])


def test_removing_is_offered_only_where_there_is_a_picture(alice: User) -> None:
    assert "remove_picture" not in profile(alice).fields
    alice.has_picture = True
    assert "remove_picture" in profile(alice).fields


@pytest.mark.parametrize("password", ["", "wrong", " correct horse battery"])
def test_deleting_asks_for_the_right_password(password: str, alice: User) -> None:
    assert list(DeleteForm(alice, {"password": password}).errors) == ["password"]
    assert DeleteForm(alice, {"password": "correct horse battery"}).is_valid()
