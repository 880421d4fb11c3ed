import json
import re
from typing import Any

import pytest
from django.test import Client

from mimika.core.tasks import EMOTION
from mimika.web.analyses.models import Analysis


def facts_of(client: Client) -> dict[str, Any]:
    html = client.get("/live/").content.decode()
    match = re.search(r'<script id="live-facts"[^>]*>(.*?)</script>', html)
    assert match is not None
    found: dict[str, Any] = json.loads(match[1])
    return found


def test_the_page_knows_the_labels_and_their_colours_in_the_models_order(
    as_alice: Client,
) -> None:
    labels = facts_of(as_alice)["labels"]
    assert [label["key"] for label in labels] == list(EMOTION.keys)
    assert [label["colour"] for label in labels] == [x.colour for x in EMOTION.labels]
    assert {label["onColour"] for label in labels} <= {"#000000", "#ffffff"}


def test_every_file_that_the_scripts_ask_for_is_served(as_alice: Client) -> None:
    facts = facts_of(as_alice)
    runtimes = facts["places"].pop("runtimes")
    names = [
        "ort.wasm.min.mjs",
        "ort.webgpu.min.mjs",
        "ort-wasm-simd-threaded.mjs",
        "ort-wasm-simd-threaded.asyncify.mjs",
        "ort-wasm-simd-threaded.wasm.gz",
        "ort-wasm-simd-threaded.asyncify.wasm.gz",
    ]
    wanted = [
        facts["worker"],
        *facts["places"].values(),
        *(runtimes + n for n in names),
    ]
    for url in wanted:
        response = as_alice.get(url)
        response.close()
        assert response.status_code == 200, url


def test_the_page_says_that_pictures_stay_and_that_the_kept_one_is_uploaded(
    as_alice: Client,
) -> None:
    html = as_alice.get("/live/").content.decode()
    assert "The pictures stay on this computer." in html
    assert html.index("Keep this moment") < html.index("<strong>uploaded</strong>")


def test_the_kept_moment_takes_the_same_way_as_the_form_for_pictures(
    as_alice: Client,
) -> None:
    html = as_alice.get("/live/").content.decode()
    form = html[html.index("data-form") - 200 : html.index("data-keep")]
    assert 'action="/analyses/new/"' in form
    assert "csrfmiddlewaretoken" in form


def test_the_navigation_leads_there_and_marks_it(as_alice: Client) -> None:
    assert 'href="/live/"' in as_alice.get("/").content.decode()
    html = as_alice.get("/live/").content.decode()
    assert re.search(r'active" aria-current="page" href="/live/"', html)


@pytest.mark.django_db
def test_a_stranger_is_asked_to_log_in() -> None:
    answer = Client().get("/live/")
    assert answer.status_code == 302
    assert answer["Location"] == "/accounts/login/?next=/live/"


def test_opening_the_page_stores_nothing(as_alice: Client) -> None:
    as_alice.get("/live/")
    assert Analysis.objects.count() == 0
