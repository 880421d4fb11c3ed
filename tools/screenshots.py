"""Makes the pictures of the pages that the README shows, or of every page.

    make screenshots
    python tools/screenshots.py --all DIR --photograph photo.jpg

Starts both servers with an empty state folder, registers, sends the photograph in
Chromium and takes a picture of every page. Needs the `dev` requirements and Chromium.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from string import Formatter

from chromium import FLAGS, chromium
from pages import HEIGHT, LOOKS, PAGES, Look, visit, whole
from photographs import hopper
from playwright.sync_api import Browser, Page, StorageState, sync_playwright

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
README = {
    "form": "analyses:new",
    "result": "analyses:detail",
    "account": "accounts:account",
}
README_LOOK = Look(1000, "light")
FREE_PORTS = ("--web-port", "0", "--service-port", "0")
RESULT = re.compile(r"/analyses/([0-9a-f-]{36})/")
PHRASE = "correct horse battery"  # of an account that is thrown away


def main() -> None:
    """Sends the photograph and keeps the pictures of the pages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photograph", type=Path, default=hopper())
    parser.add_argument("--note", default="Portrait of an admiral")
    parser.add_argument("--all", type=Path, metavar="DIR", help="every page, to here")
    arguments = parser.parse_args()
    with servers() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        shots = Shots(browser, address)
        shots.register()
        shots.send(arguments.photograph, arguments.note)
        if arguments.all is None:
            for name, key in README.items():
                shots.take(key, README_LOOK, IMAGES / f"{name}.png", whole=False)
        else:
            shots.take_all(arguments.all)
        browser.close()


class Shots:
    """A visit of one person, of which pictures are taken.

    Attributes:
        known: what stands for the names in braces in the addresses of `pages.py`.
        cookies: the person's.
    """

    def __init__(self, browser: Browser, address: str) -> None:
        """Takes a browser and the address of the application."""
        self.browser, self.address = browser, address
        self.known: dict[str, str] = {}
        self.cookies: StorageState | None = None

    @contextmanager
    def page(self, look: Look, *, logged_in: bool = True) -> Iterator[Page]:
        """A page of the person, or of a stranger."""
        with self.browser.new_context(
            viewport={"width": look.width, "height": HEIGHT},
            color_scheme="dark" if look.theme == "dark" else "light",
            storage_state=self.cookies if logged_in else None,
        ) as context:
            yield context.new_page()

    def register(self) -> None:
        """Makes an account and keeps its cookies."""
        with self.page(README_LOOK) as page:
            page.goto(f"{self.address}/accounts/register/")
            page.get_by_label("Username").fill("grace")
            page.get_by_label("E-mail address").fill("grace@example.org")
            page.get_by_label("Password", exact=True).fill(PHRASE)
            page.get_by_label("Password confirmation").fill(PHRASE)
            page.locator("main").get_by_role("button", name="Register").click()
            page.get_by_role("heading", name="Welcome").wait_for()
            self.cookies = page.context.storage_state()

    def send(self, photograph: Path, note: str) -> None:
        """Makes a result and keeps its id."""
        with self.page(README_LOOK) as page:
            page.goto(f"{self.address}/analyses/new/")
            page.get_by_label("Pictures", exact=True).set_input_files(photograph)
            page.get_by_label("Note").fill(note)
            page.locator("main").get_by_role("button", name="Analyse").click()
            page.wait_for_url(RESULT)
            page.get_by_role("heading", name="found").wait_for()
            self.known["analysis_id"] = RESULT.findall(page.url)[0]

    def take(self, name: str, look: Look, file: Path, *, whole: bool = True) -> None:
        """A picture of a page, down to its end or as much as a window shows."""
        way = PAGES[name]
        with self.page(look, logged_in=way.logged_in) as page:
            visit(page, way, self.address, self.known)
            page.wait_for_load_state("networkidle")
            page.screenshot(path=file, full_page=whole)

    def knows(self, name: str) -> bool:
        """Whether the page can be reached; some show what is rarely to be seen."""
        needed = {field for _, field, _, _ in Formatter().parse(PAGES[name].path)}
        return needed - {None} <= set(self.known)

    def take_all(self, folder: Path) -> None:
        """Pictures of every page in every look."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in whole():
            if not self.knows(name):
                continue
            for look in LOOKS:
                file = re.sub(r"\W+", "-", name)
                self.take(name, look, folder / f"{file}-{look}.png")


@contextmanager
def servers() -> Iterator[str]:
    """Both servers on free ports; gives the address of the web application."""
    with tempfile.TemporaryDirectory() as home:
        process = subprocess.Popen(
            [sys.executable, "-m", "mimika", "up", *FREE_PORTS],
            env={**os.environ, "MIMIKA_HOME": home},
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            yield address_of(process)
        finally:
            process.terminate()
            process.wait(30)


def address_of(process: subprocess.Popen[str]) -> str:
    """The address that the running command prints."""
    for line in process.stdout or ():
        match = re.search(r"http://127\.0\.0\.1:\d+", line)
        if match is not None:
            return match[0]
    raise SystemExit("'mimika up' ended without an address")


if __name__ == "__main__":
    main()
