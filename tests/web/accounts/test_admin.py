import re
from pathlib import Path

import pytest
from django.test import Client

from mimika.web.accounts import pictures
from mimika.web.accounts.models import User
from mimika.web.analyses import files
from mimika.web.analyses.models import Analysis

LIST = "/admin/accounts/user/"


@pytest.fixture
def as_admin(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("root", "root@example.org", "x"))
    return client


def test_the_list_shows_how_much_each_person_does(
    as_admin: Client, alice: User, result: Analysis
) -> None:
    User.objects.filter(pk=alice.pk).update(computations=4711)
    html = as_admin.get(f"{LIST}?q=alice").content.decode()
    cells = dict(re.findall(r'<td class="field-(\w+)[^"]*">([^<]*)</td>', html))
    assert (cells["computations"], cells["results"]) == ("4711", "1")
    assert "root@example.org" not in html


def test_results_and_dates_order_the_list(as_admin: Client, result: Analysis) -> None:
    for column in range(1, 10):
        assert as_admin.get(f"{LIST}?o=-{column}").status_code == 200


def test_the_page_of_a_person_shows_sign_ins_but_no_private_things(
    as_admin: Client, client: Client, alice: User, result: Analysis
) -> None:
    right = {"username": "alice", "password": "correct horse battery"}
    client.post("/accounts/login/", right)
    User.objects.filter(pk=alice.pk).update(about="only for me", has_picture=True)
    pictures.write(alice.pk, b"a picture")
    html = as_admin.get(f"{LIST}{alice.pk}/change/").content.decode()
    assert "127.0.0.1" in html
    assert 'name="sign_ins-0-agent"' not in html
    assert "only for me" not in html
    assert "picture" not in html
    assert "at the sea" not in html


def test_an_account_can_be_added_with_its_address(as_admin: Client) -> None:
    form = {"username": "dora", "email": "dora@example.org"}
    passwords = dict.fromkeys(("password1", "password2"), "correct horse battery")
    response = as_admin.post(f"{LIST}add/", {**form, **passwords})
    assert response.status_code == 302
    assert User.objects.get(username="dora").email == "dora@example.org"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("several", [False, True])
def test_deleting_somebody_there_deletes_the_files_too(
    several: bool, as_admin: Client, alice: User, result: Analysis, media: Path
) -> None:
    pictures.write(alice.pk, b"a picture")
    one = (f"{LIST}{alice.pk}/delete/", {"post": "yes"})
    chosen = {"action": "delete_selected", "_selected_action": alice.pk, "post": "yes"}
    url, form = (LIST, chosen) if several else one
    response = as_admin.post(url, form)
    assert response.status_code == 302
    assert not User.objects.filter(pk=alice.pk).exists()
    assert not files.folder_of(result.id).exists()
    assert not pictures.folder_of(alice.pk).exists()


def test_the_question_before_deleting_names_no_result(
    as_admin: Client, alice: User, result: Analysis
) -> None:
    html = as_admin.get(f"{LIST}{alice.pk}/delete/").content.decode()
    assert "alice" in html
    assert "photo.jpg" not in html
    assert str(result.id) not in html
