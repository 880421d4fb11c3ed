"""What the staff sees of analyses, and what it does not."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mimika.web.accounts.models import User
from mimika.web.analyses.models import Analysis, State

LIST = "/admin/analyses/analysis/"


@pytest.fixture
def as_admin(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("root", "root@example.org", "x"))
    return client


def test_the_administration_lists_what_exists_but_not_what_it_says(
    as_admin: Client, result: Analysis
) -> None:
    Analysis.objects.update(title="My secret")
    html = as_admin.get(LIST).content.decode()
    detail = as_admin.get(f"{LIST}{result.id}/change/").content.decode()
    assert str(result.id) in html
    assert "alice" in html
    for private in ("at the sea", "My secret", "photo.jpg", "happy", "Happy"):
        assert private not in html + detail


def test_it_says_where_an_analysis_stands_and_how_long_it_took(
    as_admin: Client, result: Analysis
) -> None:
    began = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
    finished = began + timedelta(seconds=1.5)
    Analysis.objects.update(attempts=3, began=began, finished=finished)
    for url in (LIST, f"{LIST}{result.id}/change/"):
        html = as_admin.get(url).content.decode()
        for shown in ("Done", "1.50 s", "22 Nov 2026"):
            assert shown in html
    assert '<td class="field-attempts">3</td>' in as_admin.get(LIST).content.decode()


def test_what_still_waits_has_not_taken_any_time(
    as_admin: Client, waiting: Analysis
) -> None:
    html = as_admin.get(LIST).content.decode()
    assert '<td class="field-state">Waiting</td>' in html
    assert '<td class="field-took">-</td>' in html


def test_the_list_can_be_cut_down_to_a_state(
    as_admin: Client, alice: User, result: Analysis
) -> None:
    failed = Analysis.objects.create(owner=alice, state=State.FAILED)
    html = as_admin.get(f"{LIST}?state__exact=failed").content.decode()
    assert str(failed.pk) in html
    assert str(result.pk) not in html


def test_no_query_of_the_list_asks_for_answers(
    as_admin: Client, result: Analysis
) -> None:
    with CaptureQueriesContext(connection) as captured:
        as_admin.get(LIST)
    sql = " ".join(query["sql"] for query in captured)
    assert '"analyses_analysis"."state"' in sql
    assert '"analyses_analysis"."result"' not in sql


@pytest.mark.parametrize("page", ["add/", "{}/delete/"])
def test_nothing_is_added_or_deleted_there(
    page: str, as_admin: Client, result: Analysis
) -> None:
    assert as_admin.get(LIST + page.format(result.id)).status_code == 403


def test_an_administrator_sees_no_ones_result_page(
    as_admin: Client, result: Analysis
) -> None:
    assert as_admin.get(result.get_absolute_url()).status_code == 404
