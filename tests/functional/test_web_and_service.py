"""Both servers as people start them, used through a browser, and stopped."""

import io
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil
import pytest
import requests
from PIL import Image
from playwright.sync_api import Browser, ConsoleMessage, Page

from mimika.core.results import Analysis
from mimika.service.client import ServiceClient

PHONE = {"width": 360, "height": 740}


@dataclass(frozen=True)
class Running:
    """A running command.

    Attributes:
        process: it.
        address: where it answers, as it said itself.
        errors: the file with its standard error.
    """

    process: subprocess.Popen[str]
    address: str
    errors: Path

    def family(self) -> list[psutil.Process]:
        """It, with all processes that it started."""
        parent = psutil.Process(self.process.pid)
        return [parent, *parent.children(recursive=True)]

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Asks it to end, and returns its exit code."""
        self.process.send_signal(number)
        return self.process.wait(30)


@contextmanager
def running(
    home: Path, *arguments: str, **environ: str
) -> Iterator[Callable[[], Running]]:
    """A command, and a function that waits until it has said its address."""
    home.mkdir(parents=True, exist_ok=True)
    errors = home / f"{arguments[0]}.stderr"
    with errors.open("w") as file:
        process = subprocess.Popen(
            command(*arguments),
            env=environment(home, **environ),
            stdout=subprocess.PIPE,
            stderr=file,
            text=True,
        )

    def ready() -> Running:
        assert process.stdout is not None
        line = process.stdout.readline()
        match = re.search(r"mimika [a-z ]+: (http://127\.0\.0\.1:\d+)", line)
        assert match is not None, line + errors.read_text()
        return Running(process, match[1], errors)

    with process:
        family: list[psutil.Process] = []
        try:
            yield ready
            if process.poll() is None:
                family = psutil.Process(process.pid).children(recursive=True)
        finally:
            process.kill()
            for child in family:
                if not has_ended(child):
                    child.kill()


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "mimika", *arguments]


def environment(home: Path, **more: str) -> dict[str, str]:
    """Ours, without anything that sets up mimika or Django."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("MIMIKA_", "DJANGO_", "DATABASE_"))
    }
    return {**inherited, "MIMIKA_HOME": str(home), **more}


def has_ended(process: psutil.Process) -> bool:
    """Whether it has; a zombie too, whose new parent only has not looked yet."""
    try:
        return bool(process.status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def until(condition: Callable[[], bool], limit_s: float = 30.0) -> None:
    end = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)


def all_ended(processes: list[psutil.Process]) -> bool:
    until(lambda: all(map(has_ended, processes)), 10)
    return True


@dataclass
class Watched:
    """A page, and what it said and asked for.

    Attributes:
        page: it.
        console: warnings and errors, as a violated policy makes them.
        requests: every address that was asked for.
    """

    page: Page
    console: list[str]
    requests: list[str]

    def fits(self) -> bool:
        """Whether nothing has to be scrolled sideways."""
        wider = "document.documentElement.scrollWidth > innerWidth"
        return not self.page.evaluate(wider)


@contextmanager
def watched(browser: Browser) -> Iterator[Watched]:
    """A new page as a person without any cookie has it."""
    with browser.new_context() as context:
        page = context.new_page()
        page.set_default_timeout(20_000)
        watch = Watched(page, [], [])

        def note(message: ConsoleMessage) -> None:
            if message.type in ("error", "warning"):
                watch.console.append(message.text)

        page.on("console", note)
        page.on("pageerror", lambda error: watch.console.append(str(error)))
        page.on("request", lambda request: watch.requests.append(request.url))
        yield watch


def register(page: Page, address: str, name: str) -> None:
    page.goto(address)
    page.get_by_role("link", name="Register").first.click()
    page.get_by_label("Username").fill(name)
    page.get_by_label("E-mail address").fill(f"{name}@example.org")
    page.get_by_label("Password", exact=True).fill("correct horse battery")
    page.get_by_label("Password confirmation").fill("correct horse battery")
    page.get_by_role("button", name="Register").click()
    page.get_by_role("heading", name=f"Welcome, {name}").wait_for()


def send(page: Page, picture: Path, note: str) -> None:
    page.get_by_role("link", name="Send a picture").click()
    page.get_by_label("Picture").set_input_files(picture)
    page.get_by_label("Note").fill(note)
    page.get_by_role("button", name="Analyse").click()


def read_back(home: Path) -> tuple[str, str, Analysis]:
    """Id, note and answer of the only analysis in the database."""
    with closing(sqlite3.connect(home / "db.sqlite3")) as database:
        query = "SELECT id, note, result FROM analyses_analysis"
        ((identifier, note, result),) = database.execute(query).fetchall()
    return identifier, note, Analysis.model_validate(json.loads(result))


def pixels_of(page: Page, name: str) -> np.ndarray:
    """A picture of the result that the page shows, int (H, W, 3)."""
    response = page.context.request.get(f"{page.url}{name}.jpg")
    assert response.ok
    with Image.open(io.BytesIO(response.body())) as image:
        return np.asarray(image.convert("RGB"), int)


def check_answer(page: Page, home: Path) -> Analysis:
    """The stored answer, which belongs to the page and knows the photograph's face."""
    identifier, note, answer = read_back(home)
    assert identifier == page.url.rstrip("/").rpartition("/")[2].replace("-", "")
    assert note.split() == ["Rear", "admiral", "Hopper"]
    (face,) = answer.faces
    assert sum(face.probabilities.values()) == pytest.approx(1, abs=1e-4)
    x, y, w, h = face.box
    assert abs(x + w / 2 - 265) < 30
    assert abs(y + h / 2 - 226) < 30
    return answer


def check_drawing(page: Page, answer: Analysis) -> None:
    """The browser shows the picture, and the box is drawn on it and nowhere else."""
    picture = page.get_by_role("img", name="Your picture with 1 marked face")
    assert picture.evaluate("image => image.decode().then(() => true)")
    assert page.locator("table.bars rect").count() == 7
    drawn = np.abs(pixels_of(page, "annotated") - pixels_of(page, "original"))
    x, y, _, h = answer.faces[0].box
    left_side = drawn[y : y + h, max(x - 2, 0) : x + 3].max(axis=(1, 2))
    assert np.median(left_side) > 60
    assert drawn[y + h + 40 :].max() < 60


def check_phone(watch: Watched, address: str) -> None:
    """Every page fits a narrow screen, and logging out works there."""
    watch.page.set_viewport_size(PHONE)
    for path in ("/", "/analyses/", "/analyses/new/", "/accounts/me/"):
        watch.page.goto(address + path)
        assert watch.fits(), path
    watch.page.get_by_role("button", name="Menu").click()
    watch.page.get_by_role("button", name="Log out").click()
    watch.page.get_by_role("heading", name="Log in").wait_for()
    assert watch.fits()


def check_logs(home: Path) -> None:
    """The request has one id in both logs, and no password is in them."""
    web = (home / "logs" / "web.log").read_text()
    request_id = re.search(r"\[(\w+)\] mimika\.web\.analyses\.submit", web)
    assert request_id is not None
    assert request_id[1] in (home / "logs" / "service.log").read_text()
    assert "correct horse" not in web


@pytest.mark.browser
def test_a_photograph_becomes_a_drawn_result_and_nothing_is_left_running(
    browser: Browser, photograph: Path, tmp_path: Path
) -> None:
    with ExitStack() as stack:
        service = stack.enter_context(running(tmp_path, "serve", "--port", "0"))()
        url = {"MIMIKA_SERVICE_URL": service.address}
        web = stack.enter_context(running(tmp_path, "web", "--port", "0", **url))()
        until(ServiceClient(service.address).ready)
        watch = stack.enter_context(watched(browser))

        register(watch.page, web.address, "ada")
        send(watch.page, photograph, "Rear admiral\nHopper")
        watch.page.get_by_role("heading", name="1 face found.").wait_for()
        answer = check_answer(watch.page, tmp_path)
        check_drawing(watch.page, answer)
        check_phone(watch, web.address)
        check_logs(tmp_path)
        assert watch.console == []
        assert all(asked.startswith(web.address) for asked in watch.requests)

        family = [*web.family(), *service.family()]
        assert len(family) >= 5  # two parents, two workers of the web, one at least
        assert web.stop() == 0
        assert service.stop() == 0
        assert all_ended(family)


@pytest.mark.browser
def test_without_a_service_the_form_says_so_and_keeps_the_note(
    browser: Browser, photograph: Path, tmp_path: Path
) -> None:
    with (
        running(tmp_path, "web", "--port", "0", MIMIKA_SERVICE_URL=closed()) as ready,
        watched(browser) as watch,
    ):
        page, web = watch.page, ready()
        page.set_viewport_size(PHONE)
        register(page, web.address, "ada")
        send(page, photograph, "what I typed")
        page.get_by_text("is not running at the moment").wait_for()
        assert page.get_by_label("Note").input_value() == "what I typed"
        assert page.get_by_role("button", name="Analyse").is_enabled()
        assert watch.fits()
        assert not list((tmp_path / "media").rglob("*.jpg"))
        assert web.stop(signal.SIGINT) == 0


def closed() -> str:
    """An address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_up_starts_both_and_a_signal_stops_both(
    number: signal.Signals, tmp_path: Path
) -> None:
    with running(tmp_path, "up", "--web-port", "0", "--service-port", "0") as ready:
        up = ready()
        assert requests.get(f"{up.address}/accounts/login/", timeout=10).ok
        assert sorted(p.name for p in (tmp_path / "logs").glob("*.log")) == [
            "service.log",
            "web.log",
        ]
        family = up.family()
        assert up.stop(number) == 0
        assert all_ended(family)


@pytest.mark.parametrize("victim", ["serve", "web"])
def test_up_ends_with_1_when_one_of_the_two_dies(victim: str, tmp_path: Path) -> None:
    with running(tmp_path, "up", "--web-port", "0", "--service-port", "0") as ready:
        up = ready()
        family = up.family()
        (target,) = (
            child
            for child in psutil.Process(up.process.pid).children()
            if victim in child.cmdline()
        )
        target.kill()
        assert up.process.wait(30) == 1
        assert all_ended(family)
        assert "Error: the " in up.errors.read_text()
        assert "has ended by itself" in up.errors.read_text()


def test_up_stopped_while_it_starts_leaves_nothing(tmp_path: Path) -> None:
    with running(tmp_path, "up", "--web-port", "0", "--service-port", "0") as ready:
        del ready
        (process,) = (
            child
            for child in psutil.Process().children()
            if "up" in child.cmdline() and str(tmp_path) in str(child.environ())
        )
        while len(family := [process, *process.children(recursive=True)]) < 3:
            time.sleep(0.02)
        process.terminate()
        assert process.wait(30) == 0
        assert all_ended(family)
