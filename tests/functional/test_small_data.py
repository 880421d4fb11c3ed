"""From drawn photographs to a trained, exported and served model in a browser."""

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from browsing import analyse, choose, register, watched
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader
from servers import Running, environment, running, until

from mimika.service.client import ServiceClient

KEY = "a key of tests"

pytestmark = pytest.mark.browser


def mimika(home: Path, *arguments: object) -> str:
    """Runs a command to its end and returns what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "mimika", *map(str, arguments)],
        env=environment(home, HF_HUB_OFFLINE="1"),
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[tuple[Running, Running]]:
    """The web application and the service, with a key to add models."""
    home, key = tmp_path / "home", {"MIMIKA_SERVICE_ADMIN_KEY": KEY}
    with ExitStack() as stack:
        start = ("serve", "--port", "0", "--workers", "1")
        service = stack.enter_context(running(home, *start, **key))()
        key["MIMIKA_SERVICE_URL"] = service.address
        web = stack.enter_context(running(home, "web", "--port", "0", **key))()
        until(ServiceClient(service.address).ready)
        yield web, service


def make_staff(home: Path, name: str) -> None:
    """Lets a person into the administration."""
    code = (
        "from mimika.web.server import set_up; set_up()\n"
        "from mimika.web.accounts.models import User\n"
        f"User.objects.filter(username={name!r})"
        ".update(is_staff=True, is_superuser=True)\n"
    )
    subprocess.run([sys.executable, "-c", code], env=environment(home), check=True)


def add_on_the_staff_site(page: Page, address: str, model: Path) -> None:
    page.goto(f"{address}/admin/analyses/offeredmodel/add/")
    page.get_by_label("Name").fill("parts")
    page.get_by_label("File").set_input_files(model)
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("was added successfully").wait_for()


def switch_off(page: Page, address: str) -> None:
    page.goto(f"{address}/admin/analyses/offeredmodel/")
    page.get_by_label("Select this object for an action - parts").check()
    page.locator("select[name=action]").select_option(label="Switch off")
    page.locator("button[name=index]").click()
    page.get_by_text("1 switched off").wait_for()


def learn(home: Path, data: Path, out: Path) -> dict[str, Any]:
    """Draws photographs, learns from them and gives the card of the model."""
    data.parent.mkdir()
    mimika(home, "draw-parts", data, "--train", 24, "--test", 8, "--seed", 3)
    options = ("--keep-scale", "--folds", 2, "--repeats", 1)
    said = mimika(home, "learn", data, *options, "--out", out)
    assert "Taken: Tiny VGG from scratch" in said
    card: dict[str, Any] = json.loads((out / "card.json").read_text())
    assert card["preprocess"]["fit"] == "keep-scale"
    assert card["labels"] == ["large", "small"]
    return card


def send(page: Page, address: str, picture: Path) -> str:
    """Chooses the task, sends a picture and gives the address of the answer."""
    page.goto(address)
    choose(page, picture)  # opens the form
    expect(page.get_by_text("How carefully")).to_be_visible()
    page.get_by_label("Parts: Large, Small").check()
    expect(page.get_by_text("How carefully")).to_be_hidden()  # it is about faces
    seen = page.get_by_label("What do you see?").locator("option:not([hidden])")
    assert seen.all_inner_texts() == ["I would rather not say", "Large", "Small"]
    analyse(page)
    page.get_by_role("row", name="Large").wait_for()
    for name in ("Large", "Small"):
        assert page.get_by_role("row", name=name).is_visible()
    page.get_by_text("What mattered?").click()
    heat = page.locator(".heat img")
    heat.scroll_into_view_if_needed()
    until(lambda: heat.evaluate("image => image.naturalWidth > 0"))
    return page.url


def save(page: Page, result: str, digest: str) -> None:
    """Saves both files; they name the model that answered."""
    saved = page.request.get(f"{result}result.json").json()
    assert (saved["answer"]["task"], saved["model"]["name"]) == ("parts", "parts")
    assert saved["model"]["digest"] == digest
    pdf = PdfReader(io.BytesIO(page.request.get(f"{result}result.pdf").body()))
    text = "\n".join(sheet.extract_text() for sheet in pdf.pages)
    assert "The picture" in text
    assert digest[:8] in text


def test_from_drawn_photographs_to_a_result_in_the_browser(
    tmp_path: Path, servers: tuple[Running, Running], browser: Browser
) -> None:
    home, data, out = tmp_path / "home", tmp_path / "d" / "parts", tmp_path / "learned"
    card = learn(home, data, out)
    web, service = servers
    with watched(browser) as watch:
        page = watch.page
        register(page, web.address, "ada")
        make_staff(home, "ada")
        add_on_the_staff_site(page, web.address, out / "model.onnx")
        offered = [model.name for model in ServiceClient(service.address).models()]
        assert offered == ["emotion-robust", "parts"]
        picture = next((data / "test" / "small").iterdir())
        result = send(page, web.address, picture)
        save(page, result, card["digest"])
        switch_off(page, web.address)
        page.goto(f"{web.address}/analyses/new/")
        assert page.get_by_label("Parts: Large, Small").count() == 0
        page.goto(result)
        assert page.get_by_role("row", name="Small").is_visible()
        assert watch.stayed_with(web.address), (watch.console, watch.requests)
