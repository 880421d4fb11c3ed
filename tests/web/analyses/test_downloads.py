"""Pictures and files of a result, and who gets them."""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import cast
from unittest.mock import ANY

import pytest
from django.http import HttpResponseBase
from django.test import Client
from PIL import Image

from mimika.core import results
from mimika.core.errors import ServiceUnavailableError
from mimika.service.schemas import ModelInfo
from mimika.web.analyses import files
from mimika.web.analyses.models import Analysis
from mimika.web.analyses.service import ClientTwin

Answer = Callable[..., results.Analysis]
PNG = b"\x89PNG as the service draws it"


def streamed(response: HttpResponseBase) -> bytes:
    return b"".join(cast(Iterable[bytes], response))


def heat_of(analysis: Analysis, number: int = 1) -> str:
    return f"{analysis.get_absolute_url()}faces/{number}/heat.png"


# A result as a file


@pytest.mark.parametrize(
    ("form", "content_type", "start"),
    [
        ("pdf", "application/pdf", b"%PDF-"),
        ("json", "application/json", b"{"),
        ("png", "image/png", b"\x89PNG\r\n"),
    ],
)
def test_a_result_is_saved_under_its_title_and_day(
    form: str, content_type: str, start: bytes, as_alice: Client, result: Analysis
) -> None:
    Analysis.objects.update(title='Sea/../"north"', original_name="x.jpg")
    response = as_alice.get(f"{result.get_absolute_url()}result.{form}")
    name = f"Sea-north-{result.created:%Y-%m-%d}.{form}"
    assert response.headers["Content-Type"] == content_type
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.content.startswith(start)


def test_the_png_has_the_size_of_the_kept_picture(
    as_alice: Client, result: Analysis
) -> None:
    data = as_alice.get(f"{result.get_absolute_url()}result.png").content
    assert Image.open(io.BytesIO(data)).size == (320, 240)


@pytest.mark.parametrize("form", ["pdf", "json", "png"])
def test_before_the_answer_there_is_nothing_to_save(
    form: str, as_alice: Client, waiting: Analysis
) -> None:
    url = f"{waiting.get_absolute_url()}result.{form}"
    assert as_alice.get(url).status_code == 404


def test_what_the_person_sees_in_a_face_is_saved_with_the_result(
    as_alice: Client, result: Analysis
) -> None:
    as_alice.post(f"{result.get_absolute_url()}faces/1/", {"opinion": "sad"})
    saved = as_alice.get(f"{result.get_absolute_url()}result.json").json()
    assert saved["answer"]["faces"][0]["opinion"] == "sad"
    kept = streamed(as_alice.get("/accounts/me/data.zip"))
    with zipfile.ZipFile(io.BytesIO(kept)) as archive:
        (name,) = (x for x in archive.namelist() if x.endswith("result.json"))
        assert json.loads(archive.read(name)) == {**saved, "written": ANY}
        assert b",sad" in archive.read("results.csv")


def test_a_saved_result_says_how_good_its_model_is(
    as_alice: Client, result: Analysis, twin: ClientTwin, model: ModelInfo
) -> None:
    own = model.model_copy(update={"digest": result.answer.model_digest})
    twin.offered = [own]
    saved = as_alice.get(f"{result.get_absolute_url()}result.json").json()
    assert saved["model"]["accuracy"].endswith("on 3,589 pictures of PublicTest")


def test_a_service_that_is_down_does_not_keep_a_result_from_being_saved(
    as_alice: Client, result: Analysis, twin: ClientTwin
) -> None:
    twin.offered = ServiceUnavailableError("stopped")
    saved = as_alice.get(f"{result.get_absolute_url()}result.json").json()
    assert saved["model"]["accuracy"] is None


# All results


def test_the_table_has_a_line_for_each_face(
    as_alice: Client,
    waiting: Analysis,
    twin: ClientTwin,
    make_answer: Answer,
    queue: Callable[[], int],
) -> None:
    twin.answer = make_answer("happy", "sad")
    queue()
    response = as_alice.get("/analyses/results.csv")
    disposition = response.headers["Content-Disposition"]
    assert disposition == 'attachment; filename="mimika-results.csv"'
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(streamed(response).decode("utf-8-sig"))))
    assert [row["label"] for row in rows] == ["happy", "sad"]
    assert {row["file"] for row in rows} == {"photo.jpg"}


def test_the_table_holds_neither_what_waits_nor_what_is_somebody_elses(
    as_alice: Client, as_charlie: Client, waiting: Analysis, queue: Callable[[], int]
) -> None:
    for client in (as_alice, as_charlie):
        lines = streamed(client.get("/analyses/results.csv")).decode().splitlines()
        assert len(lines) == 1
        queue()  # Alice's is done when Charlie asks


def test_the_archive_holds_pictures_answers_and_the_table(
    as_alice: Client, result: Analysis
) -> None:
    response = as_alice.get("/analyses/results.zip")
    disposition = response.headers["Content-Disposition"]
    assert disposition == 'attachment; filename="mimika-results.zip"'
    folder = f"results/{result.created:%Y-%m-%d}-{result.pk}"
    with zipfile.ZipFile(io.BytesIO(streamed(response))) as archive:
        assert archive.namelist() == [
            "results.csv",
            f"{folder}/picture.jpg",
            f"{folder}/result.json",
        ]
        saved = json.loads(archive.read(f"{folder}/result.json"))
        kept = files.path_of(result.pk, "original").read_bytes()
        assert archive.read(f"{folder}/picture.jpg") == kept
    assert saved["answer"]["faces"][0]["label"] == "happy"


# What mattered in a face


def test_a_heat_map_is_asked_for_once_and_then_kept(
    as_alice: Client, result: Analysis, twin: ClientTwin
) -> None:
    twin.drawing = PNG
    shown = [as_alice.get(heat_of(result)) for _ in range(2)]
    assert {response.content for response in shown} == {PNG}
    assert shown[0].headers["Content-Type"] == "image/png"
    ((data, face, _),) = twin.explained
    assert data == files.path_of(result.pk, "original").read_bytes()
    assert face == result.answer.faces[0]
    assert files.heat_path(result.pk, 1).read_bytes() == PNG


def test_without_the_service_a_heat_map_is_said_to_be_missing_and_not_kept(
    as_alice: Client, result: Analysis, twin: ClientTwin
) -> None:
    twin.drawing = ServiceUnavailableError("stopped")
    response = as_alice.get(heat_of(result))
    assert response.status_code == 503
    assert response.headers["Content-Type"].startswith("text/plain")
    assert b"not running" in response.content
    assert names_in(result) == ["original.jpg", "thumbnail.jpg"]
    twin.drawing = PNG
    assert as_alice.get(heat_of(result)).content == PNG


@pytest.mark.parametrize("number", [0, 2, 99])
def test_there_is_no_heat_map_of_a_face_that_is_not_there(
    number: int, as_alice: Client, result: Analysis, twin: ClientTwin
) -> None:
    assert as_alice.get(heat_of(result, number)).status_code == 404
    assert twin.explained == []


def test_there_is_no_heat_map_before_the_answer(
    as_alice: Client, waiting: Analysis
) -> None:
    assert as_alice.get(heat_of(waiting)).status_code == 404


def test_a_heat_map_needs_the_picture(
    as_alice: Client, result: Analysis, twin: ClientTwin
) -> None:
    files.remove([result.pk])
    assert as_alice.get(heat_of(result)).status_code == 404
    assert twin.explained == []


def test_a_result_that_is_deleted_meanwhile_has_no_heat_map(
    as_alice: Client,
    result: Analysis,
    twin: ClientTwin,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def explain(*_: object, **__: object) -> bytes:
        files.remove([result.pk])
        return PNG

    monkeypatch.setattr(twin, "explain", explain)
    assert as_alice.get(heat_of(result)).status_code == 404
    assert not files.folder_of(result.pk).exists()


# The pictures


@pytest.mark.parametrize("name", files.NAMES)
def test_a_picture_is_shown_under_a_name_of_ours(
    name: str, as_alice: Client, result: Analysis
) -> None:
    Analysis.objects.update(original_name='"><script>.html')
    response = as_alice.get(f"{result.get_absolute_url()}{name}.jpg")
    assert response.content == files.path_of(result.pk, name).read_bytes()
    headers = response.headers
    assert headers["Content-Type"] == "image/jpeg"
    assert headers["Content-Disposition"] == f'inline; filename="mimika-{name}.jpg"'
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "private, no-cache"


def test_a_picture_that_the_browser_has_is_not_sent_again(
    as_alice: Client, result: Analysis
) -> None:
    url = f"{result.get_absolute_url()}original.jpg"
    tag = as_alice.get(url).headers["ETag"]
    again = as_alice.get(url, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    other = as_alice.get(url, headers={"If-None-Match": '"another"'})
    assert other.status_code == 200


def test_a_picture_whose_file_is_gone_is_not_found(
    as_alice: Client, result: Analysis
) -> None:
    files.remove([result.pk])
    for name in ("original.jpg", "thumbnail.jpg", "result.png", "result.pdf"):
        url = f"{result.get_absolute_url()}{name}"
        assert as_alice.get(url).status_code == 404


def test_after_logging_out_what_the_browser_keeps_is_not_confirmed(
    as_alice: Client, result: Analysis
) -> None:
    url = f"{result.get_absolute_url()}original.jpg"
    tag = as_alice.get(url).headers["ETag"]
    as_alice.logout()
    answer = as_alice.get(url, headers={"If-None-Match": tag})
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/login/")


def test_somebody_else_does_not_learn_that_a_picture_exists(
    as_charlie: Client, result: Analysis
) -> None:
    tag = f'"{result.pk}-original"'
    url = f"{result.get_absolute_url()}original.jpg"
    answer = as_charlie.get(url, headers={"If-None-Match": tag})
    assert answer.status_code == 404


def names_in(result: Analysis) -> list[str]:
    return sorted(path.name for path in Path(files.folder_of(result.pk)).iterdir())
