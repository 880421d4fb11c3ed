"""Both servers as people start them, and what a person does with them, in a browser."""

import io
import json
import re
import time
from collections.abc import Iterator
from contextlib import ExitStack
from importlib import resources
from pathlib import Path

import numpy as np
import pytest
from browsing import Watched, analyse, choose, register, wait_for_answer, watched
from jsonschema import Draft202012Validator
from PIL import Image
from playwright.sync_api import Browser, Page
from pypdf import PdfReader
from servers import Running, all_ended, rows, running, until
from visitor import PASSWORD

from mimika.core.results import Analysis
from mimika.service.client import ServiceClient

SECONDS = 10  # from the button to the answer, on a machine that does other things too
NARROW = 360
TITLE, NOTE = "Контр-адмирал", "Грейс Хоппер\nв парадной форме"

pytestmark = pytest.mark.browser


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[tuple[Running, Running]]:
    """The web application and the service."""
    with ExitStack() as stack:
        service = stack.enter_context(running(tmp_path, "serve", "--port", "0"))()
        url = {"MIMIKA_SERVICE_URL": service.address}
        web = stack.enter_context(running(tmp_path, "web", "--port", "0", **url))()
        until(ServiceClient(service.address).ready)
        yield web, service


def see_and_edit_the_account(page: Page) -> None:
    page.get_by_role("link", name="Your account").click()
    assert page.get_by_text("ada@example.org").is_visible()
    page.get_by_role("link", name="Edit the profile").click()
    page.get_by_label("First name").fill("Ада")
    page.get_by_label("Last name").fill("Лавлейс")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("heading", name="Your account").wait_for()
    assert page.get_by_text("Ада Лавлейс").is_visible()


def send(page: Page, photograph: Path) -> float:
    """Fills the form in and sends it; returns the seconds until the answer is there."""
    choose(page, photograph)
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label("Note").fill(NOTE)
    page.get_by_label("Date taken").fill("1984-01-20")
    page.get_by_label("Which emotion do you see?").select_option("Happy")
    began = time.monotonic()
    analyse(page)
    wait_for_answer(page)
    return time.monotonic() - began


def stored(home: Path) -> Analysis:
    """The only answer in the database, with what was typed beside its picture."""
    query = "SELECT title, note, taken, seen, state, result FROM analyses_analysis"
    ((title, note, *rest, state, result),) = rows(home, query)
    assert (title, note.splitlines()) == (TITLE, NOTE.splitlines())
    assert rest == ["1984-01-20", "happy"]
    assert state == "done"
    return Analysis.model_validate(json.loads(result))


def check_answer(answer: Analysis) -> None:
    """It knows the face of the photograph."""
    (face,) = answer.faces
    assert sum(face.probabilities.values()) == pytest.approx(1, abs=1e-4)
    x, y, w, h = face.box
    assert abs(x + w / 2 - 265) < 30
    assert abs(y + h / 2 - 226) < 30


def check_page(page: Page, answer: Analysis) -> None:
    """The browser shows the picture, the box on the face, and seven bars."""
    picture = page.get_by_role("img", name="Your picture with 1 marked face")
    assert picture.evaluate("image => image.decode().then(() => true)")
    shown, box = picture.bounding_box(), page.locator("svg .box").bounding_box()
    assert shown is not None
    assert box is not None
    scale = shown["width"] / answer.width
    assert box["x"] - shown["x"] == pytest.approx(answer.faces[0].box.x * scale, abs=4)
    assert box["y"] - shown["y"] == pytest.approx(answer.faces[0].box.y * scale, abs=4)
    assert page.locator("table.bars rect").count() == 7
    assert page.get_by_text(TITLE).first.is_visible()
    assert page.get_by_text("Грейс Хоппер").is_visible()
    assert page.get_by_text("20 January 1984").is_visible()


def agree(page: Page, home: Path) -> None:
    page.get_by_role("button", name="Yes", exact=True).click()
    page.get_by_text("You agree.").wait_for()
    ((opinion, label),) = rows(home, "SELECT opinion, label FROM analyses_face")
    assert opinion == label


def save(page: Page, form: str) -> bytes:
    """What the button downloads."""
    with page.expect_download() as download:
        page.get_by_role("link", name=f"Save as {form}").click()
    name = download.value.suggested_filename
    assert re.fullmatch(rf"[a-z0-9-]+-1984-01-20\.{form.lower()}", name)
    return download.value.path().read_bytes()


def check_downloads(page: Page, answer: Analysis) -> None:
    pdf = save(page, "PDF")
    assert pdf.startswith(b"%PDF-")
    assert TITLE in PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    form = resources.files("mimika.web.reports") / "result.schema.json"
    value = json.loads(save(page, "JSON"))
    Draft202012Validator(json.loads(form.read_text("utf-8"))).validate(value)
    with Image.open(io.BytesIO(save(page, "PNG"))) as image:
        assert image.format == "PNG"
        check_drawing(page, np.asarray(image.convert("RGB"), int), answer)


def check_drawing(page: Page, drawn: np.ndarray, answer: Analysis) -> None:
    """The box is drawn where the face is, on the picture that was sent."""
    original = page.context.request.get(f"{page.url}original.jpg").body()
    with Image.open(io.BytesIO(original)) as image:
        sent = np.asarray(image.convert("RGB"), int)
    x, y, _, h = answer.faces[0].box
    height, width = sent.shape[:2]
    changed = np.abs(drawn[:height, :width] - sent)
    left_side = changed[y : y + h, max(x - 2, 0) : x + 3].max(axis=(1, 2))
    assert np.median(left_side) > 60
    assert np.median(changed) < 10


def find_in_the_history(page: Page) -> None:
    page.get_by_role("link", name="History").click()
    page.get_by_label("Search").fill("хоппер")
    page.get_by_role("button", name="Show").click()
    page.get_by_text("1 result", exact=True).wait_for()
    page.get_by_role("main").get_by_text(TITLE).first.wait_for()


def check_narrow(watch: Watched, address: str, result: str) -> None:
    """Every page fits a narrow screen, and logging out works there."""
    for path in ("/", "/analyses/", "/analyses/new/", "/accounts/me/"):
        watch.page.goto(address + path)
        assert watch.fits(NARROW), path
    watch.page.goto(result)
    assert watch.fits(NARROW)
    watch.page.get_by_role("button", name="Menu").click()
    watch.page.get_by_role("button", name="Log out").click()
    watch.page.get_by_role("heading", name="Log in").wait_for()
    assert watch.fits(NARROW)
    assert watch.page.goto(result) is not None
    watch.page.get_by_role("heading", name="Log in").wait_for()


def check_logs(home: Path) -> None:
    """The request has one id in both logs, and no password is in them."""
    web = (home / "logs" / "web.log").read_text("utf-8")
    request_id = re.search(r"\[(\w+)\] mimika\.web\.analyses\.submit", web)
    assert request_id is not None
    assert request_id[1] in (home / "logs" / "service.log").read_text("utf-8")
    assert PASSWORD not in web


def test_from_an_empty_folder_to_saved_results_and_nothing_is_left_running(
    browser: Browser,
    servers: tuple[Running, Running],
    photograph: Path,
    tmp_path: Path,
) -> None:
    web, service = servers
    with watched(browser) as watch:
        page = watch.page
        register(page, web.address, "ada")
        see_and_edit_the_account(page)
        assert send(page, photograph) < SECONDS
        result, answer = page.url, stored(tmp_path)
        check_answer(answer)
        check_page(page, answer)
        agree(page, tmp_path)
        check_downloads(page, answer)
        find_in_the_history(page)
        check_narrow(watch, web.address, result)
        check_logs(tmp_path)
        assert watch.stayed_with(web.address), (watch.console, watch.requests)

    family = [*web.family(), *service.family()]
    assert len(family) >= 5  # two parents, two workers of the web, one at least
    assert web.stop() == 0
    assert service.stop() == 0
    assert all_ended(family)
