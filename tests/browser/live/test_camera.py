"""The live page with a camera that plays a film of known faces."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from chromium import chromium
from fake_camera import camera_flags, scene, write_camera
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Request

from mimika.core.preprocess import UInt8Array
from mimika.runtime.pipeline import Analyzer
from mimika.web.accounts.models import User
from mimika.web.analyses.models import Analysis

pytestmark = pytest.mark.browser

LogIn = Callable[[BrowserContext], None]
AXE = Path(__file__).parents[1] / "vendor/axe-core/axe.min.js"
PART_S = 5.0
KINDS = ("happy", "surprise", "angry")
RUNNING = "[data-live][data-state=running]"


@contextmanager
def with_camera(browser: Browser, file: Path | None) -> Iterator[Browser]:
    """Another Chromium of the same Playwright, which has this camera."""
    path = chromium()
    assert path is not None
    started = browser.browser_type.launch(executable_path=path, args=camera_flags(file))
    try:
        yield started
    finally:
        started.close()


@contextmanager
def opened(started: Browser, address: str, log_in: LogIn) -> Iterator[Page]:
    with started.new_context(
        viewport={"width": 1280, "height": 900},
        reduced_motion="reduce",  # nothing is half-way between two colours
    ) as context:
        log_in(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto(f"{address}/live/")
        yield page


def start(page: Page) -> None:
    page.get_by_role("button", name="Start").click()
    page.locator(RUNNING).wait_for()


@pytest.fixture
def portrait(photograph: Path) -> UInt8Array:
    """A frame with the photograph's face in the middle."""
    with Image.open(photograph) as image:
        head = image.convert("RGB").crop((100, 60, 430, 390))
    return scene(np.asarray(head), side=400)


def clear_face(faces: list[UInt8Array], kind: str, analyzer: Analyzer) -> UInt8Array:
    """A frame in which Python finds one face and is sure of this label."""
    for face in faces:
        frame = scene(face)
        found = analyzer.analyze(frame, detail="fast").faces
        if len(found) == 1 and found[0].label == kind and found[0].probability > 0.85:
            return frame
    raise AssertionError(f"no clear {kind} face among {len(faces)}")


@pytest.mark.shared_data
def test_the_shown_labels_follow_the_faces_of_the_film_and_vanish_with_them(
    browser: Browser,
    address: str,
    log_in: LogIn,
    fer_faces: dict[str, list[UInt8Array]],
    analyzer: Analyzer,
    tmp_path: Path,
) -> None:
    frames = {kind: clear_face(fer_faces[kind], kind, analyzer) for kind in KINDS}
    film = [(frames[kind], PART_S) for kind in KINDS] + [(scene(), PART_S)]
    file = tmp_path / "film.mjpeg"
    write_camera(file, film)
    with with_camera(browser, file) as camera, opened(camera, address, log_in) as page:
        start(page)
        person = "[data-person][data-label={}]"
        page.locator(person.format(KINDS[0])).wait_for()
        for kind in KINDS[1:]:
            page.locator(person.format(kind)).wait_for()
            assert page.locator("[data-person]").count() == 1
        page.locator("[data-person]").wait_for(state="detached")
        assert page.locator("[data-nobody]").is_visible()
        page.locator(person.format(KINDS[0])).wait_for()  # the film begins again


def test_nothing_is_sent_until_keep_is_pressed_and_that_becomes_a_result(
    browser: Browser,
    address: str,
    alice: User,
    log_in: LogIn,
    portrait: UInt8Array,
    tmp_path: Path,
) -> None:
    file = tmp_path / "film.mjpeg"
    write_camera(file, [(portrait, 1)])
    with with_camera(browser, file) as camera, opened(camera, address, log_in) as page:
        sent: list[Request] = []
        page.context.on("request", lambda request: sent.append(request))
        start(page)
        page.locator("[data-person]").wait_for()
        page.wait_for_timeout(1500)
        assert any(request.url.endswith("emotion.onnx") for request in sent)
        assert [request.url for request in sent if request.method != "GET"] == []
        assert all(request.url.startswith(address) for request in sent)
        assert Analysis.objects.count() == 0

        before = len(sent)
        page.get_by_role("button", name="Keep this moment").click()
        page.get_by_role("link", name="See the result").wait_for()
        posts = [request for request in sent[before:] if request.method == "POST"]
        assert [request.url for request in posts] == [f"{address}/analyses/new/"]
        kept = Analysis.objects.get()
        assert kept.owner == alice
        assert kept.title == "Kept from the live page"
        assert kept.original_name.startswith("live-")
        page.get_by_role("link", name="See the result").click()
        page.wait_for_url(f"**/analyses/{kept.pk}/")


def test_a_moment_over_the_limit_is_refused_in_words(
    browser: Browser,
    address: str,
    log_in: LogIn,
    portrait: UInt8Array,
    settings: object,
    tmp_path: Path,
) -> None:
    settings.THROTTLES_PER_HOUR = {**settings.THROTTLES_PER_HOUR, "uploads": 1}
    file = tmp_path / "film.mjpeg"
    write_camera(file, [(portrait, 1)])
    with with_camera(browser, file) as camera, opened(camera, address, log_in) as page:
        start(page)
        keep = page.get_by_role("button", name="Keep this moment")
        keep.click()
        page.get_by_role("link", name="See the result").wait_for()
        keep.click()
        page.get_by_text("This was tried too often").wait_for()
    assert Analysis.objects.count() == 1


def test_two_people_have_a_card_each_and_stop_frees_the_camera(
    browser: Browser,
    address: str,
    log_in: LogIn,
    photograph: Path,
    tmp_path: Path,
) -> None:
    with Image.open(photograph) as image:
        head = np.asarray(image.convert("RGB").crop((100, 60, 430, 390)))
    file = tmp_path / "film.mjpeg"
    write_camera(file, [(scene(head, head[:, ::-1], side=300), 1)])
    with with_camera(browser, file) as camera, opened(camera, address, log_in) as page:
        start(page)
        page.locator("[data-person]").nth(1).wait_for()
        page.wait_for_timeout(1000)
        numbers = page.locator("[data-number]").all_text_contents()
        assert numbers == ["1", "2"]
        track = page.evaluate_handle(
            "document.querySelector('video').srcObject.getVideoTracks()[0]"
        )
        assert track.evaluate("track => track.readyState") == "live"
        page.get_by_role("button", name="Stop").click()
        page.locator("[data-live][data-state=idle]").wait_for()
        assert track.evaluate("track => track.readyState") == "ended"
        assert page.evaluate("document.querySelector('video').srcObject") is None
        assert page.locator("[data-person]").count() == 0
        start(page)
        page.locator("[data-person]").first.wait_for()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_running_page_has_no_barrier_and_complains_about_nothing(
    theme: str,
    browser: Browser,
    address: str,
    log_in: LogIn,
    portrait: UInt8Array,
    tmp_path: Path,
) -> None:
    file = tmp_path / "film.mjpeg"
    write_camera(file, [(portrait, 1)])
    said: list[str] = []
    with with_camera(browser, file) as camera, opened(camera, address, log_in) as page:
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.emulate_media(color_scheme=theme)
        page.set_viewport_size({"width": 390, "height": 800})
        start(page)
        page.locator("[data-person]").wait_for()
        page.evaluate(AXE.read_text("utf-8"))
        found = page.evaluate("axe.run(document, {preload: false})")
        assert [each["id"] for each in found["violations"]] == []
        assert not page.evaluate("document.scrollingElement.scrollWidth > innerWidth")
    # Chromium itself says so where WebGPU is asked for and there is none
    assert [text for text in said if text != "No available adapters."] == []


def test_mirroring_turns_the_picture_alone(
    browser: Browser, address: str, log_in: LogIn, portrait: UInt8Array, tmp_path: Path
) -> None:
    file = tmp_path / "film.mjpeg"
    write_camera(file, [(portrait, 1)])
    with with_camera(browser, file) as camera, opened(camera, address, log_in) as page:
        start(page)
        video = page.locator("video")
        assert video.evaluate("v => getComputedStyle(v).transform") != "none"
        page.get_by_label("Mirror").uncheck()
        assert video.evaluate("v => getComputedStyle(v).transform") == "none"


def test_a_camera_that_goes_away_in_the_middle_is_said(
    browser: Browser, address: str, log_in: LogIn, portrait: UInt8Array, tmp_path: Path
) -> None:
    file = tmp_path / "film.mjpeg"
    write_camera(file, [(portrait, 1)])
    with with_camera(browser, file) as camera, opened(camera, address, log_in) as page:
        start(page)
        page.evaluate(
            "document.querySelector('video').srcObject.getVideoTracks()[0]"
            ".dispatchEvent(new Event('ended'))"
        )
        page.get_by_text("The camera has gone").wait_for()
        assert page.get_by_role("button", name="Start").is_visible()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("NotAllowedError", "was not allowed"),
        ("NotFoundError", "No camera was found"),
        ("NotReadableError", "is busy"),
        ("AnotherError", "could not be started"),
    ],
)
def test_a_camera_that_cannot_be_had_is_said_with_the_next_step(
    name: str, words: str, live_page: Page
) -> None:
    live_page.evaluate(
        "name => { navigator.mediaDevices.getUserMedia = () =>"
        " Promise.reject(new DOMException('no', name)); }",
        name,
    )
    live_page.get_by_role("button", name="Start").click()
    problem = live_page.get_by_role("alert")
    problem.wait_for()
    assert words in problem.inner_text()
    assert "Start" in problem.inner_text()
    assert live_page.get_by_role("button", name="Start").is_enabled()


def test_without_https_the_page_says_what_it_needs(
    browser: Browser, address: str, log_in: LogIn
) -> None:
    with browser.new_context() as context:
        log_in(context)
        page = context.new_page()
        page.add_init_script(
            "Object.defineProperty(navigator, 'mediaDevices', {value: undefined})"
        )
        page.goto(f"{address}/live/")
        page.get_by_text("Open the page by such an address.").wait_for()
        assert page.get_by_role("button", name="Start").is_disabled()


def test_without_scripts_the_page_says_what_it_needs_and_another_way(
    browser: Browser, address: str, log_in: LogIn
) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        log_in(context)
        page = context.new_page()
        page.goto(f"{address}/live/")
        said = page.locator("noscript p")
        assert said.is_visible()
        assert "needs JavaScript and WebAssembly" in said.inner_text()
        assert page.locator("noscript a").get_attribute("href") == "/analyses/new/"
        assert not page.get_by_role("button", name="Start").is_visible()


def test_a_page_that_cannot_be_seen_pauses(
    browser: Browser, address: str, log_in: LogIn, portrait: UInt8Array, tmp_path: Path
) -> None:
    file = tmp_path / "film.mjpeg"
    write_camera(file, [(portrait, 1)])
    hide = "hidden => { Object.defineProperty(document, 'hidden', {value: hidden,"
    hide += " configurable: true});"
    hide += " document.dispatchEvent(new Event('visibilitychange')); }"
    with with_camera(browser, file) as camera, opened(camera, address, log_in) as page:
        start(page)
        page.evaluate(hide, True)
        page.locator("[data-live][data-state=paused]").wait_for()
        assert page.get_by_role("button", name="Keep this moment").is_disabled()
        page.evaluate(hide, False)
        page.locator(RUNNING).wait_for()
