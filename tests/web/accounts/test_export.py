import json
from pathlib import Path

from django.test import RequestFactory

from mimika.web.accounts.export import members
from mimika.web.accounts.models import User
from mimika.web.accounts.pictures import path_of
from mimika.web.accounts.sign_ins import signed_in


def test_the_profile_holds_what_the_account_holds_but_no_password(
    alice: User, charlie: User
) -> None:
    alice.about = "Größe \U0001f600"
    for person in (alice, charlie):
        signed_in(RequestFactory(REMOTE_ADDR="192.0.2.1").get("/"), person)
    ((name, content),) = members(alice)
    assert isinstance(content, bytes)
    profile = json.loads(content)
    assert name == "profile.json"
    assert profile["email"] == "alice@example.org"
    assert profile["about"] == "Größe \U0001f600"
    assert [entry["address"] for entry in profile["sign_ins"]] == ["192.0.2.1"]
    assert "password" not in profile
    assert "charlie" not in content.decode()


def test_the_picture_is_a_member_if_there_is_one(alice: User) -> None:
    alice.has_picture = True
    found: dict[str, bytes | Path] = dict(members(alice))
    assert found["picture.jpg"] == path_of(alice.pk)
