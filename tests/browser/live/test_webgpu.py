"""The page's networks on a graphics processor, which Chromium can imitate."""

import base64
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from chromium import FLAGS, chromium
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser

IMITATED = ("--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader")
# Both on the same pixels; and what the trial of the page says about the second.
COMPARE = """async ({data, width, height}) => {
  const {Engine} = await import("/static/mimika/live/engine.js");
  const facts = JSON.parse(document.getElementById("live-facts").textContent);
  const places = Object.fromEntries(Object.entries(facts.places)
    .map(([name, place]) => [name, new URL(place, location.href).href]));
  const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
  const found = [];
  for (const runtime of ["wasm", "webgpu"]) {
    const engine = new Engine(facts.worker);
    await engine.open({places, runtime, threads: 1, onTrial: false});
    found.push(await engine.analyze({data: bytes, width, height, channels: 4}));
    engine.close();
  }
  return found;
}"""


@pytest.fixture
def page_with_graphics(
    browser: Browser, address: str, log_in: Callable[[BrowserContext], None]
) -> Iterator[Page]:
    """The live page in a Chromium whose graphics processor is imitated."""
    flags = [flag for flag in FLAGS if flag != "--disable-gpu"]
    started = browser.browser_type.launch(
        executable_path=chromium(), args=[*flags, *IMITATED]
    )
    with started.new_context() as context:
        log_in(context)
        page = context.new_page()
        page.goto(f"{address}/live/")
        if not page.evaluate("navigator.gpu?.requestAdapter().then(Boolean) ?? false"):
            pytest.skip("this Chromium imitates no graphics processor")
        yield page
    started.close()


def test_a_graphics_processor_gives_the_same_labels(
    page_with_graphics: Page, photograph: Path
) -> None:
    with Image.open(photograph) as image:
        pixels = np.asarray(image.convert("RGB"))
    rgba = cv2.cvtColor(pixels, cv2.COLOR_RGB2RGBA)
    data = base64.b64encode(rgba.tobytes()).decode()
    given = {"data": data, "width": pixels.shape[1], "height": pixels.shape[0]}
    (one,), (other,) = page_with_graphics.evaluate(COMPARE, given)
    assert np.argmax(one["probabilities"]) == np.argmax(other["probabilities"])
    assert np.allclose(one["probabilities"], other["probabilities"], atol=0.02)
    assert np.allclose(one["box"], other["box"], atol=1)


def test_an_imitated_one_is_not_taken_by_itself(page_with_graphics: Page) -> None:
    found = page_with_graphics.evaluate(
        "async () => {"
        ' const {hasGraphics} = await import("/static/mimika/live/engine.js");'
        " return hasGraphics(); }"
    )
    assert found is False


TRIAL = """async () => {
  const {Engine} = await import("/static/mimika/live/engine.js");
  const facts = JSON.parse(document.getElementById("live-facts").textContent);
  const places = Object.fromEntries(Object.entries(facts.places)
    .map(([name, place]) => [name, new URL(place, location.href).href]));
  const engine = new Engine(facts.worker);
  const options = {places, runtime: "webgpu", threads: 1, onTrial: true};
  const {runtime} = await engine.open(options);
  const data = new Uint8Array(4 * 64 * 64);
  return [runtime, await engine.analyze({data, width: 64, height: 64, channels: 4})];
}"""


def test_after_a_trial_of_both_one_is_left_that_works(page_with_graphics: Page) -> None:
    runtime, faces = page_with_graphics.evaluate(TRIAL)
    assert runtime in ("wasm", "webgpu")
    assert faces == []
