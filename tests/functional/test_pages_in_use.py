"""What else people do in a browser: many pictures, wrong ones, none at all."""

import base64
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from browsing import Watched, analyse, choose, register, wait_for_answer, watched
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from servers import Running, computations, free_port, in_state, rows, running, until
from visitor import PASSWORD

from mimika.service.client import ServiceClient

NARROW, PHONE = 360, 390
DROPPED = """files => {
  const dropped = new DataTransfer();
  for (const [name, type, text] of files) {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    dropped.items.add(new File([bytes], name, { type }));
  }
  return dropped;
}"""

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    home = tmp_path_factory.mktemp("service")
    with running(home, "serve", "--port", "0", "--workers", "1") as ready:
        service = ready()
        until(ServiceClient(service.address).ready)
        yield service


@pytest.fixture
def web(service: Running, tmp_path: Path) -> Iterator[Running]:
    url = {"MIMIKA_SERVICE_URL": service.address}
    with running(tmp_path, "web", "--port", "0", **url) as ready:
        yield ready()


@pytest.fixture
def watch(browser: Browser) -> Iterator[Watched]:
    with watched(browser) as watch:
        yield watch


@pytest.fixture
def ada(watch: Watched, web: Running) -> Page:
    """The page of somebody who has just registered."""
    register(watch.page, web.address, "ada")
    return watch.page


@pytest.fixture
def grey(tmp_path: Path) -> Path:
    """A picture without a face."""
    path = tmp_path / "grey.png"
    Image.new("RGB", (320, 240), (128, 128, 128)).save(path)
    return path


def drop(page: Page, *pictures: Path) -> None:
    """Drops pictures on the form, as from a window of files."""
    kinds = {".png": "image/png", ".jpg": "image/jpeg"}
    files = [
        (path.name, kinds[path.suffix], base64.b64encode(path.read_bytes()).decode())
        for path in pictures
    ]
    dropped = page.evaluate_handle(DROPPED, files)
    page.dispatch_event("[data-drop]", "drop", {"dataTransfer": dropped})


def test_chosen_and_dropped_pictures_are_all_answered_in_the_history(
    web: Running,
    watch: Watched,
    ada: Page,
    photograph: Path,
    grey: Path,
    tmp_path: Path,
) -> None:
    choose(ada, photograph)
    drop(ada, grey, photograph, grey)
    expect(ada.locator("[data-thumbs] canvas")).to_have_count(4)
    ada.get_by_role("button", name="Leave out grey.png").last.click()
    expect(ada.locator("[data-thumbs] canvas")).to_have_count(3)
    analyse(ada)
    ada.get_by_role("heading", name="History").wait_for()
    watch.mark()
    cards = ada.locator(".result-card")
    expect(cards.get_by_text("No face found")).to_have_count(1)
    expect(ada.locator(".result-card .spinner-border")).to_have_count(0)
    expect(cards).to_have_count(3)
    assert watch.is_marked()
    assert in_state(tmp_path, "done") == computations(tmp_path) == 3
    assert len(rows(tmp_path, "SELECT * FROM analyses_face")) == 2
    assert watch.stayed_with(web.address), (watch.console, watch.requests)


def test_a_wrong_file_is_named_beside_its_field_and_all_else_stays(
    watch: Watched, ada: Page, photograph: Path, tmp_path: Path
) -> None:
    wrong = tmp_path / "notes.jpg"
    wrong.write_text("this is no picture")
    choose(ada, wrong, photograph)
    ada.get_by_label("Note", exact=True).fill("что я написала\nв двух строках")
    analyse(ada)
    field = ada.get_by_label("Pictures", exact=True)
    expect(field).to_have_attribute("aria-invalid", "true")
    said = field.evaluate("field => field.closest('.field').innerText")
    assert "notes.jpg: This file is not a picture in an accepted format." in said
    names = field.evaluate("field => [...field.files].map((file) => file.name)")
    assert names == ["notes.jpg", photograph.name]
    assert (
        ada.get_by_label("Note", exact=True).input_value()
        == "что я написала\nв двух строках"
    )
    assert watch.fits(NARROW)
    assert rows(tmp_path, "SELECT * FROM analyses_analysis") == []
    assert not list((tmp_path / "media").rglob("*.jpg"))

    ada.get_by_role("button", name="Leave out notes.jpg").click()
    analyse(ada)
    wait_for_answer(ada)
    assert ada.get_by_text("что я написала").is_visible()
    (complaint,) = watch.console  # the browser's own, about the refused form
    assert "422" in complaint


def test_without_a_service_the_picture_waits_and_is_answered_when_it_is_back(
    watch: Watched, photograph: Path, tmp_path: Path
) -> None:
    with ExitStack() as stack:
        port = free_port()
        url = {"MIMIKA_SERVICE_URL": f"http://127.0.0.1:{port}"}
        web = stack.enter_context(running(tmp_path, "web", "--port", "0", **url))()
        register(watch.page, web.address, "ada")
        choose(watch.page, photograph)
        analyse(watch.page)
        watch.page.get_by_role("heading", name="Still waiting").wait_for()
        assert watch.page.get_by_text("is not running at the moment").is_visible()
        assert watch.fits(NARROW)
        watch.mark()
        stack.enter_context(running(tmp_path, "serve", "--port", port))()
        watch.page.set_default_timeout(60_000)  # the longest pause comes to 30 s
        wait_for_answer(watch.page)
        assert watch.is_marked()
        assert computations(tmp_path) == 1
        assert watch.stayed_with(web.address), (watch.console, watch.requests)


def test_what_mattered_in_a_face_is_shown_when_it_is_asked_for(
    web: Running, watch: Watched, ada: Page, photograph: Path
) -> None:
    choose(ada, photograph)
    analyse(ada)
    wait_for_answer(ada)
    assert not any("heat.png" in asked for asked in watch.requests)
    ada.get_by_text("What mattered?").click()
    drawing = ada.get_by_role("img", name="warm colours lie where it speaks for")
    expect(drawing).to_have_js_property("complete", True)
    assert drawing.evaluate("image => image.decode().then(() => image.naturalWidth)")
    assert watch.fits(PHONE)
    assert watch.stayed_with(web.address), (watch.console, watch.requests)


def test_on_a_phone_the_way_to_the_answer_fits(
    web: Running, watch: Watched, ada: Page, photograph: Path
) -> None:
    assert watch.fits(PHONE)
    ada.get_by_role("link", name="Send a picture").click()
    ada.get_by_label("Pictures", exact=True).set_input_files(photograph)
    expect(ada.locator("[data-thumbs] canvas")).to_have_count(1)
    assert watch.fits(PHONE)
    analyse(ada)
    wait_for_answer(ada)
    assert watch.fits(PHONE)
    ada.get_by_role("button", name="Larger").click()
    assert watch.fits(PHONE)  # the picture scrolls in its own frame
    box = ada.locator("svg .box").bounding_box()
    assert box is not None
    ada.get_by_role("button", name="Menu").click()
    ada.get_by_role("link", name="History").click()
    ada.get_by_role("heading", name="History").wait_for()
    assert watch.fits(PHONE)
    assert watch.stayed_with(web.address), (watch.console, watch.requests)


def test_a_deleted_account_leaves_nothing_behind(
    web: Running, watch: Watched, ada: Page, photograph: Path, tmp_path: Path
) -> None:
    choose(ada, photograph)
    analyse(ada)
    wait_for_answer(ada)
    assert list((tmp_path / "media").rglob("*.jpg"))

    ada.get_by_role("link", name="Account").click()
    ada.get_by_role("link", name="Delete the account").click()
    ada.get_by_label("Your password").fill("not my password")
    ada.get_by_role("button", name="Delete everything").click()
    ada.get_by_text("This is not your password.").wait_for()
    ada.get_by_label("Your password").fill(PASSWORD)
    ada.get_by_role("button", name="Delete everything").click()
    ada.get_by_text("Your account and everything in it is deleted.").wait_for()
    for table in ("accounts_user", "analyses_analysis", "analyses_face"):
        assert rows(tmp_path, f"SELECT * FROM {table}") == []  # noqa: S608  a name above
    assert not list((tmp_path / "media").rglob("*.*"))

    ada.get_by_label("Username").fill("ada")
    ada.get_by_label("Password", exact=True).fill(PASSWORD)
    ada.get_by_role("button", name="Log in").click()
    ada.get_by_text("Please enter a correct username and password").wait_for()
    assert watch.stayed_with(web.address), (watch.console, watch.requests)
