"""The page to try a model, in a browser."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page
from servers import running

pytestmark = pytest.mark.browser


def say_dropped(page: Page, path: Path, kind: str) -> None:
    """Drops a file on the page, as a person would."""
    page.evaluate(
        """([name, bytes, kind]) => {
            const moved = new DataTransfer();
            moved.items.add(new File([new Uint8Array(bytes)], name, { type: kind }));
            document.dispatchEvent(new DragEvent("drop", { dataTransfer: moved }));
        }""",
        [path.name, list(path.read_bytes()), kind],
    )


@pytest.fixture
def page(tmp_path: Path, parts_model, browser: Browser) -> Iterator[Page]:
    """The page of a model of parts, on a telephone."""
    with running(tmp_path / "home", "demo", str(parts_model()), "--port", "0") as ready:
        address = ready().address
        page = browser.new_page(viewport={"width": 360, "height": 740})
        page.goto(address)
        page.get_by_role("heading", name="Try brightness").wait_for()
        yield page
        page.close()


@pytest.fixture
def bright(tmp_path: Path) -> Path:
    path = tmp_path / "bright.png"
    Image.fromarray(np.full((40, 60, 3), 240, np.uint8)).save(path)
    return path


def test_a_dropped_picture_is_answered_and_explained(page: Page, bright: Path) -> None:
    errors: list[str] = []
    page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    assert page.get_by_text("Parts: Large, Small").is_visible()
    assert page.get_by_text("only brightness").is_visible()
    say_dropped(page, bright, "image/png")
    page.get_by_role("heading", name="Large").wait_for()
    assert "%" in page.get_by_role("row", name="Large").inner_text()
    assert page.locator("#boxes rect").count() == 0
    page.get_by_role("button", name="What mattered?").click()
    page.get_by_alt_text("Warm where the picture speaks for Large").wait_for()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as JSON").click()
    answer = json.loads(Path(saved.value.path()).read_text())
    assert (answer["task"], answer["model"]) == ("parts", "brightness")
    # nothing sticks out
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert errors == []


def test_what_is_no_picture_or_too_large_is_said(
    page: Page, bright: Path, tmp_path: Path
) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("no picture")
    say_dropped(page, text, "text/plain")
    page.get_by_role("alert").get_by_text("no JPEG, PNG, WebP or BMP").wait_for()
    assert page.locator("#result").is_hidden()
    page.evaluate(
        """() => {
            const moved = new DataTransfer();
            moved.items.add(new File([new Uint8Array(16e6)], "large.jpg"));
            document.dispatchEvent(new DragEvent("drop", { dataTransfer: moved }));
        }"""
    )
    page.get_by_role("alert").get_by_text("It has 16.0 MB; at most 15").wait_for()
    page.locator("#file").set_input_files(bright)
    page.get_by_role("heading", name="Large").wait_for()
    assert page.locator("#problem").is_hidden()


def beside_itself(photograph: Path, folder: Path) -> Path:
    with Image.open(photograph) as image:
        both = Image.new("RGB", (2 * image.width, image.height))
        for x in (0, image.width):
            both.paste(image, (x, 0))
    both.save(folder / "both.png")
    return folder / "both.png"


def test_faces_are_marked_where_the_model_is_about_them(
    tmp_path: Path, photograph: Path, browser: Browser
) -> None:
    with running(tmp_path, "demo", "--port", "0") as ready:
        address = ready().address
        page = browser.new_page()
        page.goto(address)
        page.get_by_role("heading", name="Try emotion").wait_for()
        page.locator("#file").set_input_files(photograph)
        page.locator("#boxes rect").wait_for(state="attached")
        assert page.get_by_role("row").count() == 7
        assert page.locator("#boxes text").count() == 0
        page.locator("#file").set_input_files(beside_itself(photograph, tmp_path))
        page.locator("#boxes text").nth(1).wait_for(state="attached")
        assert page.locator("#boxes text").all_text_contents() == ["1", "2"]
        page.get_by_role("heading", name="2. ").wait_for()
        headers = page.request.get(address).headers
        assert "script-src 'self'" in headers["content-security-policy"]
        page.close()
