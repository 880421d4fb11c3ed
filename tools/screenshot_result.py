"""Makes the picture of a result that the README shows.

    python tools/screenshot_result.py ../shared/data/faces/grace_hopper.jpg \
        docs/images/result.png --note "Portrait of an admiral"

Starts both servers with an empty state folder, registers, sends the photograph in
Chromium and takes a picture of the page. Needs the `dev` requirements and Chromium.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu"]
FREE_PORTS = ("--web-port", "0", "--service-port", "0")
SIZE = {"width": 1000, "height": 810}
PHRASE = "correct horse battery"  # of an account that is thrown away


def main() -> None:
    """Sends the photograph and keeps the picture of the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photograph", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--note", default="")
    arguments = parser.parse_args()
    chromium = next(filter(None, map(shutil.which, CHROMIUM)))
    with servers() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(viewport=SIZE)
        register(page, address)
        page.get_by_role("link", name="Send a picture").click()
        page.get_by_label("Picture").set_input_files(arguments.photograph)
        page.get_by_label("Note").fill(arguments.note)
        page.get_by_role("button", name="Analyse").click()
        page.locator("table.bars").first.wait_for()
        page.screenshot(path=arguments.output)
        browser.close()


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


def register(page: Page, address: str) -> None:
    """Makes an account and is logged in with it."""
    page.goto(address)
    page.get_by_role("link", name="Register").first.click()
    page.get_by_label("Username").fill("grace")
    page.get_by_label("E-mail address").fill("grace@example.org")
    page.get_by_label("Password", exact=True).fill(PHRASE)
    page.get_by_label("Password confirmation").fill(PHRASE)
    page.get_by_role("button", name="Register").click()
    page.get_by_role("heading", name="Welcome").wait_for()


if __name__ == "__main__":
    main()
