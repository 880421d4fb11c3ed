"""The page's scripts in a browser, beside the Python runtime; and a camera of ours."""

import io
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Route
from pyarrow import parquet

from mimika import load
from mimika.core.preprocess import UInt8Array
from mimika.runtime.pipeline import Analyzer

# Pixels are fetched from an address that the test answers: no JPEG, no other decoder.
OPEN = """async (runtime) => {
  const {Engine} = await import("/static/mimika/live/engine.js");
  const facts = JSON.parse(document.getElementById("live-facts").textContent);
  const places = Object.fromEntries(Object.entries(facts.places)
    .map(([name, place]) => [name, new URL(place, location.href).href]));
  window.engine = new Engine(facts.worker);
  return window.engine.open({places, runtime, threads: 1, onTrial: false});
}"""
ANALYZE = """async ({place, width, height}) => {
  const answer = await fetch(place);
  const data = new Uint8Array(await answer.arrayBuffer());
  return window.engine.analyze({data, width, height, channels: 4});
}"""

Faces = list[dict[str, Any]]
Analyze = Callable[[UInt8Array], Faces]


@pytest.fixture(scope="session")
def analyzer() -> Iterator[Analyzer]:
    """The Python runtime."""
    with load() as analyzer:
        yield analyzer


@pytest.fixture(scope="session")
def fer_faces(shared_data: Path) -> dict[str, list[UInt8Array]]:
    """PublicTest's faces by label, uint8 (48, 48, 3), as many as the tests need."""
    names = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
    table = parquet.read_table(
        shared_data / "fer2013" / "fer2013.parquet",
        columns=["emotion", "image"],
        filters=[("usage", "=", "PublicTest")],
    )
    found: dict[str, list[UInt8Array]] = {name: [] for name in names}
    rows = zip(*(table.column(i).to_pylist() for i in (0, 1)), strict=True)
    for emotion, image in itertools.islice(rows, 700):
        with Image.open(io.BytesIO(image)) as face:
            found[names[emotion]].append(np.asarray(face.convert("RGB")))
    return found


@pytest.fixture
def live_page(
    browser: Browser, address: str, log_in: Callable[[BrowserContext], None]
) -> Iterator[Page]:
    """The live page as Alice has it."""
    with browser.new_context() as context:
        log_in(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto(f"{address}/live/")
        yield page


@pytest.fixture
def analyze_in_browser(live_page: Page) -> Analyze:
    """What the page's own scripts answer about pixels, uint8 (H, W, 3), RGB."""
    live_page.evaluate(OPEN, "wasm")
    return lambda pixels: analyze_on(live_page, pixels)


def analyze_on(page: Page, pixels: UInt8Array) -> Faces:
    """Likewise on a page whose engine is open."""
    height, width = pixels.shape[:2]
    data = cv2.cvtColor(pixels, cv2.COLOR_RGB2RGBA).tobytes()

    def answer(route: Route) -> None:
        route.fulfill(body=data, content_type="application/octet-stream")

    page.route("**/pixels", answer)
    found: Faces = page.evaluate(
        ANALYZE, {"place": "/pixels", "width": width, "height": height}
    )
    page.unroute("**/pixels")
    return found
