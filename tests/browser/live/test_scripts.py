"""What the page's scripts do with odd input and in browsers that lack something."""

import pytest
from playwright.sync_api import Page

from mimika.runtime.pipeline import DEFAULT_MODEL, Analyzer

pytestmark = pytest.mark.browser

CARD = """async (place) => {
  const {readCard} = await import("/static/mimika/live/onnx_card.js");
  const bytes = new Uint8Array(await (await fetch(place)).arrayBuffer());
  try { return readCard(bytes); } catch (error) { return error.message; }
}"""


def test_the_card_is_read_from_the_model_file_itself(
    live_page: Page, analyzer: Analyzer
) -> None:
    assert DEFAULT_MODEL.name == "emotion.onnx"
    found = live_page.evaluate(CARD, "/static/networks/emotion.onnx")
    assert found == analyzer.card.model_dump(mode="json")


def test_a_model_without_a_card_is_refused_in_words(live_page: Page) -> None:
    found = live_page.evaluate(CARD, "/static/networks/face_detector.onnx")
    assert found == "the model has no card: export it with 'mimika export'"


def test_a_model_that_does_not_stretch_is_refused_in_words(live_page: Page) -> None:
    found = live_page.evaluate(
        "async () => {"
        ' const {classifierInput} = await import("/static/mimika/live/classify.js");'
        ' const spec = {interpolation: "bilinear", fit: "keep-scale"};'
        " try { return classifierInput(null, spec); }"
        " catch (error) { return error.message; } }"
    )
    assert found.startswith('the model\'s card wants pictures fitted by "keep-scale"')


def test_halves_are_rounded_to_the_even_neighbour(live_page: Page) -> None:
    values = [0.5, 1.5, 2.5, -0.5, -1.5, 2.4, 2.6, -2.6]
    found = live_page.evaluate(
        "async (values) => {"
        ' const {rint} = await import("/static/mimika/live/rounding.js");'
        " return values.map(rint); }",
        values,
    )
    assert found == [round(value) for value in values]


def test_the_page_is_isolated_so_that_threads_work(live_page: Page) -> None:
    assert live_page.evaluate("crossOriginIsolated")
    found = live_page.evaluate(
        "async () => {"
        ' const {threadsHere} = await import("/static/mimika/live/engine.js");'
        " return [threadsHere(1), threadsHere(0), navigator.hardwareConcurrency]; }"
    )
    assert found[0] == 1
    assert found[1] == min(4, found[2])


def test_several_threads_answer_what_one_does(live_page: Page) -> None:
    answers = live_page.evaluate(
        """async () => {
          const {Engine} = await import("/static/mimika/live/engine.js");
          const facts = JSON.parse(document.getElementById("live-facts").textContent);
          const places = Object.fromEntries(Object.entries(facts.places)
            .map(([name, place]) => [name, new URL(place, location.href).href]));
          const data = new Uint8Array(4 * 120 * 90).map((_, i) => (i * 37) % 251);
          const face = {data, width: 120, height: 90, channels: 4};
          const found = [];
          for (const threads of [1, 2]) {
            const engine = new Engine(facts.worker);
            await engine.open({places, runtime: "wasm", threads, onTrial: false});
            found.push(await engine.analyze(face));
            engine.close();
          }
          return found;
        }"""
    )
    assert answers[0] == answers[1]


def test_a_runtime_that_cannot_be_loaded_is_said_and_can_be_tried_again(
    live_page: Page,
) -> None:
    live_page.evaluate(
        """() => { navigator.mediaDevices.getUserMedia = async () => {
          const canvas = document.createElement("canvas");
          const context = canvas.getContext("2d");
          let level = 0;
          setInterval(() => {
            context.fillStyle = `rgb(${level = (level + 9) % 256} 90 90)`;
            context.fillRect(0, 0, canvas.width, canvas.height);
          }, 50);
          return canvas.captureStream();
        }; }"""
    )
    live_page.route("**/emotion.onnx", lambda route: route.abort())
    live_page.get_by_role("button", name="Start").click()
    live_page.get_by_text("The model could not be loaded.").wait_for()
    live_page.unroute("**/emotion.onnx")
    live_page.get_by_role("button", name="Start").click()
    live_page.locator("[data-live][data-state=running]").wait_for()
