import pytest

from mimika.web.accounts.forms import RegisterForm
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
