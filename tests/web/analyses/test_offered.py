"""Several models: what people may choose, what they see, what the staff do."""

import io
import json
from typing import Any

import numpy as np
import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from pypdf import PdfReader

from mimika.core import results
from mimika.core.errors import ModelError, ServiceUnavailableError
from mimika.core.results import Box, Face
from mimika.service.schemas import LabelInfo, ModelInfo
from mimika.web.accounts.models import User
from mimika.web.analyses import catalogue
from mimika.web.analyses.models import Analysis, OfferedModel
from mimika.web.analyses.service import ClientTwin

NEW = "/analyses/new/"
STAFF = "/admin/analyses/offeredmodel/"


@pytest.fixture
def parts(model: ModelInfo) -> ModelInfo:
    """A model of another task."""
    changes: dict[str, Any] = {
        "name": "bolts",
        "task": "parts",
        "finds_faces": False,
        "digest": "b" * 64,
        "limits": "Only bolts.",
        "labels": (
            LabelInfo(key="large", name="Large", colour="#d55e00"),
            LabelInfo(key="small", name="Small", colour="#009e73"),
        ),
    }
    return model.model_copy(update=changes)


@pytest.fixture
def two(twin: ClientTwin, model: ModelInfo, parts: ModelInfo) -> ClientTwin:
    """A service that offers both."""
    shipped = model.model_copy(update={"name": "emotion-robust"})
    twin.offered = [shipped, parts]
    return twin


@pytest.fixture
def part_answer(parts: ModelInfo) -> results.Analysis:
    face = Face(
        box=Box(0, 0, 64, 48),
        score=1.0,
        label="small",
        probability=0.9,
        probabilities={"large": 0.1, "small": 0.9},
    )
    return results.Analysis(
        width=64,
        height=48,
        faces=(face,),
        faces_mode="whole",
        detail="fine",
        task="parts",
        model="bolts",
        model_digest=parts.digest,
    )


def body(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def picture(side: tuple[int, int] = (64, 48)) -> SimpleUploadedFile:
    buffer = io.BytesIO()
    Image.fromarray(np.full((side[1], side[0], 3), 90, np.uint8)).save(buffer, "JPEG")
    return SimpleUploadedFile("part.jpg", buffer.getvalue(), "image/jpeg")


def test_one_model_needs_no_choice(
    as_alice: Client, twin: ClientTwin, model: ModelInfo
) -> None:
    twin.offered = [model]
    assert "What to look for" not in body(as_alice, NEW)


def test_the_form_asks_what_to_look_for_and_the_model_is_named(
    as_alice: Client, two: ClientTwin, queue: Any
) -> None:
    html = body(as_alice, NEW)
    assert "What to look for" in html
    assert html.index("Emotions in faces") < html.index("Parts: Large, Small")
    as_alice.post(NEW, {"pictures": picture(), "model_name": "bolts", "seen": "happy"})
    made = Analysis.objects.get()
    assert (made.model_name, made.faces_mode, made.seen) == ("bolts", "whole", "")
    as_alice.post(NEW, {"pictures": picture(), "model_name": "emotion-robust"})
    assert Analysis.objects.exclude(pk=made.pk).get().model_name == ""
    queue()
    assert {call.model for call in two.received} == {"bolts", None}


def test_the_form_tells_its_script_what_goes_with_each_model(
    as_alice: Client, two: ClientTwin
) -> None:
    html = body(as_alice, NEW)
    start = html.index('<script id="tasks" type="application/json">')
    tasks = json.loads(html[html.index(">", start) + 1 : html.index("</", start)])
    assert tasks["bolts"] == {"finds_faces": False, "classes": ["large", "small"]}
    assert tasks["emotion-robust"]["finds_faces"]


@pytest.mark.django_db
def test_the_page_about_the_model_lists_the_others_that_may_be_chosen(
    client: Client, two: ClientTwin
) -> None:
    page = body(client, "/about/model/")
    listed = page[page.index("Other models here") :]
    for fact in ("Parts: Large, Small", "Only bolts.", "b" * 64):
        assert fact in listed
    OfferedModel.objects.filter(name="bolts").update(is_offered=False)
    assert "Other models here" not in body(client, "/about/model/")


def test_a_whole_picture_is_shown_with_bars_and_without_a_box(
    as_alice: Client,
    two: ClientTwin,
    part_answer: results.Analysis,
    queue: Any,
) -> None:
    two.answer = part_answer
    as_alice.post(NEW, {"pictures": picture(), "model_name": "bolts", "seen": "small"})
    queue()
    made = Analysis.objects.get()
    html = body(as_alice, made.get_absolute_url())
    assert '<h1 class="mb-1">Small 90 %</h1>' in html
    assert 'class="box"' not in html
    assert "Only bolts." in html
    assert html.count("a guess about an expression") == 1  # at the foot alone
    for words in ("Large", "What mattered?", "No, I see", "bolts", "b" * 8):
        assert words in html
    assert "Disgust" not in html
    saved = json.loads(as_alice.get(f"{made.get_absolute_url()}result.json").content)
    assert saved["model"]["name"] == "bolts"
    assert saved["model"]["digest"] == "b" * 64
    assert saved["answer"]["task"] == "parts"
    pdf = as_alice.get(f"{made.get_absolute_url()}result.pdf")
    assert pdf.content.startswith(b"%PDF")
    as_alice.post(f"{made.get_absolute_url()}faces/1/", {"opinion": "large"})
    assert made.faces.get().opinion == "large"
    listed = body(as_alice, "/analyses/")
    assert "Small" in listed
    assert "bolts" in listed
    assert "Small" in body(as_alice, "/analyses/?emotion=small")
    statistics = body(as_alice, "/analyses/statistics/")
    assert "Small" not in statistics


def test_a_heat_map_is_asked_of_the_model_that_answered(
    as_alice: Client,
    two: ClientTwin,
    part_answer: results.Analysis,
    queue: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: dict[str, Any] = {}

    def explain(_data: bytes, _face: Face, **more: Any) -> bytes:
        asked.update(more)
        raise ModelError("it was replaced")

    two.answer = part_answer
    as_alice.post(NEW, {"pictures": picture(), "model_name": "bolts"})
    queue()
    monkeypatch.setattr(two, "explain", explain)
    made = Analysis.objects.get()
    response = as_alice.get(f"{made.get_absolute_url()}faces/1/heat.png")
    assert (asked["model"], asked["digest"]) == ("bolts", "b" * 64)
    assert response.status_code == 503
    assert "was replaced" in response.content.decode()


def test_what_is_not_offered_is_refused(as_alice: Client, two: ClientTwin) -> None:
    body(as_alice, NEW)
    for off in ("bolts", "emotion-robust"):  # then one is left, and no field for it
        OfferedModel.objects.update(is_offered=True)
        OfferedModel.objects.filter(name=off).update(is_offered=False)
        sent = as_alice.post(NEW, {"pictures": picture(), "model_name": off})
        assert sent.status_code == 422
        assert "not offered any more" in sent.content.decode()
    assert not Analysis.objects.exists()


def test_what_is_switched_off_while_a_picture_waits_fails_and_can_be_tried_again(
    as_alice: Client, two: ClientTwin, queue: Any
) -> None:
    as_alice.post(NEW, {"pictures": picture(), "model_name": "bolts"})
    OfferedModel.objects.filter(name="bolts").update(is_offered=False)
    queue()
    made = Analysis.objects.get()
    assert (made.state, two.received) == ("failed", [])
    assert "not there any more" in made.problem


def test_all_pixels_are_kept_where_their_size_may_count(
    as_alice: Client, two: ClientTwin, queue: Any
) -> None:
    for name, side in (("bolts", 4000), ("emotion-robust", 3072)):
        as_alice.post(NEW, {"pictures": picture((4000, 60)), "model_name": name})
        queue()
        with Image.open(io.BytesIO(two.received[-1].data)) as image:
            assert image.size[0] == side


def test_a_silent_service_leaves_the_form_as_it_was(
    as_alice: Client, two: ClientTwin
) -> None:
    catalogue.refresh(now=True)
    two.offered = ServiceUnavailableError("gone")
    assert not catalogue.refresh(now=True)
    assert "What to look for" in body(as_alice, NEW)


def test_names_that_the_database_cannot_hold_are_left_out(
    db: None, model: ModelInfo
) -> None:
    long = model.model_copy(update={"name": "x" * 41})
    catalogue.remember([model, long])
    assert OfferedModel.objects.count() == 1


# The staff


def test_staff_add_a_model_and_people_may_choose_it(
    as_staff: Client, two: ClientTwin, parts: ModelInfo, settings: Any
) -> None:
    settings.MIMIKA_SERVICE_ADMIN_KEY = "secret"
    two.taken = parts
    file = SimpleUploadedFile("nuts.onnx", b"an onnx file")
    sent = as_staff.post(
        f"{STAFF}add/", {"name": "nuts", "title": "Nuts", "file": file}
    )
    assert sent.status_code == 302, sent.content.decode()[:2000]
    assert two.added == [("nuts", b"an onnx file")]
    made = OfferedModel.objects.get(name="nuts")
    assert (made.shown, made.task, made.is_offered) == ("Nuts", "parts", True)
    assert made.added_by is not None
    html = body(as_staff, STAFF)
    for words in ("nuts", "bolts", "emotion-robust", "bbbbbbbb"):
        assert words in html


def test_a_file_that_cannot_be_used_is_told_at_its_field(
    as_staff: Client, two: ClientTwin, settings: Any
) -> None:
    def add(name: str = "nuts") -> str:
        file = SimpleUploadedFile("nuts.onnx", b"text")
        page = as_staff.post(f"{STAFF}add/", {"name": name, "title": "", "file": file})
        assert page.status_code == 200
        return page.content.decode()

    body(as_staff, STAFF)
    assert "need the same MIMIKA_SERVICE_ADMIN_KEY" in add()
    settings.MIMIKA_SERVICE_ADMIN_KEY = "secret"
    two.taken = ModelError("not a mimika model (it has no card)")
    assert "not a mimika model" in add()
    assert "There is a model of this name already" in add("bolts")
    assert not OfferedModel.objects.filter(name="nuts").exists()


def test_staff_switch_models_off_but_never_the_last(
    as_staff: Client, two: ClientTwin
) -> None:
    body(as_staff, STAFF)

    def switch(action: str, *names: str) -> None:
        chosen = OfferedModel.objects.filter(name__in=names)
        keys = [str(model.pk) for model in chosen]
        as_staff.post(STAFF, {"action": action, "_selected_action": keys})

    switch("switch_off", "bolts")
    switch("switch_off", "emotion-robust")
    on = OfferedModel.objects.filter(is_offered=True)
    assert [model.name for model in on] == ["emotion-robust"]
    switch("switch_on", "bolts")
    assert on.all().count() == 2


def test_staff_remove_what_was_added_and_not_what_is_shipped(
    as_staff: Client, two: ClientTwin
) -> None:
    body(as_staff, STAFF)
    bolts, shipped = (
        OfferedModel.objects.get(name=n) for n in ("bolts", "emotion-robust")
    )
    refused = as_staff.post(f"{STAFF}{shipped.pk}/delete/", {"post": "yes"})
    assert refused.status_code == 403
    as_staff.post(f"{STAFF}{bolts.pk}/delete/", {"post": "yes"})
    assert [one.name for one in two.models()] == ["emotion-robust"]
    assert not OfferedModel.objects.filter(name="bolts").exists()


def test_a_model_that_the_service_keeps_stays_in_the_list(
    as_staff: Client, two: ClientTwin, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_name: str) -> None:
        raise ServiceUnavailableError("nobody answers")

    body(as_staff, STAFF)
    monkeypatch.setattr(two, "remove_model", refuse)
    bolts = OfferedModel.objects.get(name="bolts")
    done = as_staff.post(f"{STAFF}{bolts.pk}/delete/", {"post": "yes"}, follow=True)
    assert "It was not removed: nobody answers" in done.content.decode()
    assert "was deleted successfully" not in done.content.decode()
    assert OfferedModel.objects.filter(name="bolts").exists()


def test_who_may_only_look_switches_nothing(db: None, two: ClientTwin) -> None:
    looker = User.objects.create_user("looker", "l@example.org", "x", is_staff=True)
    looker.user_permissions.add(Permission.objects.get(codename="view_offeredmodel"))
    client = Client()
    client.force_login(looker)
    body(client, STAFF)
    keys = [str(OfferedModel.objects.get(name="bolts").pk)]
    client.post(STAFF, {"action": "switch_off", "_selected_action": keys})
    assert OfferedModel.objects.get(name="bolts").is_offered
    assert client.get(f"{STAFF}add/").status_code == 403


def test_people_who_are_no_staff_are_sent_away(as_alice: Client) -> None:
    assert as_alice.get(STAFF).status_code == 302


def test_a_report_about_a_whole_picture_does_not_speak_of_expressions(
    as_alice: Client, two: ClientTwin, part_answer: results.Analysis, queue: Any
) -> None:
    two.answer = part_answer
    as_alice.post(NEW, {"pictures": picture(), "model_name": "bolts"})
    queue()
    address = Analysis.objects.get().get_absolute_url()
    pdf = PdfReader(io.BytesIO(as_alice.get(f"{address}result.pdf").content))
    text = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
    assert "report on a picture" in text
    assert "expression" not in text
    assert "The model answers one of its classes" in text
