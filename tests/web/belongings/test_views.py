import io
import json
import zipfile
from pathlib import Path

import pytest
from django.test import Client

from mimika.web.accounts import pictures
from mimika.web.accounts.models import SignIn, User
from mimika.web.analyses import files
from mimika.web.analyses.models import Analysis

DELETE, DATA = "/accounts/me/delete/", "/accounts/me/data.zip"
RIGHT = {"password": "correct horse battery"}


@pytest.fixture
def portrait(alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(has_picture=True)
    pictures.write(alice.pk, b"a picture")


def test_the_archive_is_a_download_with_profile_and_picture(
    as_alice: Client, portrait: None, result: Analysis
) -> None:
    response = as_alice.get(DATA)
    content = b"".join(response)  # type: ignore[arg-type]  # it is streamed
    folder = f"results/{result.created:%Y-%m-%d}-{result.id}"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist() == [
            "profile.json",
            "picture.jpg",
            "results.csv",
            f"{folder}/picture.jpg",
            f"{folder}/result.json",
        ]
        assert json.loads(archive.read("profile.json"))["username"] == "alice"
        assert archive.read("picture.jpg") == b"a picture"
    assert response.streaming
    assert response.headers["Content-Type"] == "application/zip"
    assert response.headers["Cache-Control"] == "private, no-store"
    disposition = response.headers["Content-Disposition"]
    assert disposition == 'attachment; filename="mimika-data.zip"'


def test_the_page_to_delete_says_what_goes(as_alice: Client, result: Analysis) -> None:
    html = as_alice.get(DELETE).content.decode()
    assert "1 result with the pictures" in html
    assert f'href="{DATA}"' in html


@pytest.mark.django_db(transaction=True)
def test_the_password_deletes_rows_and_files_and_logs_out(
    as_alice: Client,
    alice: User,
    charlie: User,
    result: Analysis,
    portrait: None,
    media: Path,
) -> None:
    elsewhere = Client()
    elsewhere.force_login(alice)
    response = as_alice.post(DELETE, RIGHT, follow=True)
    assert response.redirect_chain == [("/accounts/login/", 302)]
    assert "is deleted" in str(*response.context["messages"])
    assert list(User.objects.all()) == [charlie]
    assert not Analysis.objects.exists()
    assert not SignIn.objects.exists()
    assert [path for path in media.rglob("*") if path.is_file()] == []
    for client in (as_alice, elsewhere):
        assert client.get("/").status_code == 302


def test_a_wrong_password_deletes_nothing(as_alice: Client, result: Analysis) -> None:
    response = as_alice.post(DELETE, {"password": "wrong"})
    assert list(response.context["form"].errors) == ["password"]
    assert User.objects.filter(username="alice").exists()
    assert files.path_of(result.id, "original").exists()


def test_to_look_at_the_page_deletes_nothing(as_alice: Client) -> None:
    as_alice.get(DELETE, RIGHT)
    assert User.objects.filter(username="alice").exists()
