import pytest
from django.test import Client

from mimika.web.accounts.models import User
from mimika.web.analyses.models import Analysis

LIST = "/admin/analyses/analysis/"


@pytest.fixture
def as_admin(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("root", "root@example.org", "x"))
    return client


def test_the_administration_lists_what_exists_but_not_what_it_says(
    as_admin: Client, result: Analysis
) -> None:
    html = as_admin.get(LIST).content.decode()
    detail = as_admin.get(f"{LIST}{result.id}/change/").content.decode()
    assert str(result.id) in html
    assert "alice" in html
    assert "at the sea" not in html + detail
    assert "happy" not in html + detail


@pytest.mark.parametrize("page", ["add/", "{}/delete/"])
def test_nothing_is_added_or_deleted_there(
    page: str, as_admin: Client, result: Analysis
) -> None:
    assert as_admin.get(LIST + page.format(result.id)).status_code == 403


def test_an_administrator_sees_no_ones_result_page(
    as_admin: Client, result: Analysis
) -> None:
    assert as_admin.get(result.get_absolute_url()).status_code == 404
