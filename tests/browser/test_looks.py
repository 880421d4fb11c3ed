"""Every page in light and dark, on a phone and a desk: open to all, whole, by policy.

axe-core looks for barriers. It is run by the browser's debugger, which the policy of
the page does not bind, so the page is tested as people get it.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse
from pages import HEIGHT, LOOKS, PAGES, Look, routed, visit, whole
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from mimika.web.throttles.bucket import Wait

pytestmark = pytest.mark.browser

LogIn = Callable[[BrowserContext], None]
AXE = (Path(__file__).parent / "vendor/axe-core/axe.min.js").read_text("utf-8")
RUN_AXE = "() => axe.run(document, {preload: false}).then(found => found.violations)"
WIDER = """() => {
  const page = document.scrollingElement;
  return page.scrollWidth > page.clientWidth;
}"""


@contextmanager
def opened(browser: Browser, look: Look, complaints: list[str]) -> Iterator[Page]:
    """A page of a person without a cookie; what the console says is written down."""
    with browser.new_context(
        viewport={"width": look.width, "height": HEIGHT},
        color_scheme="dark" if look.theme == "dark" else "light",
        reduced_motion="reduce",
    ) as context:
        page = context.new_page()
        page.set_default_timeout(20_000)

        def note(message: ConsoleMessage) -> None:
            refused = "Failed to load resource" in message.text  # a status as expected
            if message.type in ("error", "warning") and not refused:
                complaints.append(f"{look}: console: {message.text}")

        page.on("console", note)
        page.on("pageerror", lambda error: complaints.append(f"{look}: {error}"))
        yield page


def barriers(page: Page) -> list[str]:
    """What axe-core finds wrong, with each element that has it."""
    page.evaluate(AXE)
    return [
        f"{found['id']}: {node['html']} {node['failureSummary']}"
        for found in page.evaluate(RUN_AXE)
        for node in found["nodes"]
    ]


def looked_at(page: Page, look: Look) -> list[str]:
    """What is wrong with a page as it is shown now."""
    wrong = [f"{look}: {text}" for text in barriers(page)]
    if page.evaluate(WIDER):
        wrong.append(f"{look}: has to be scrolled sideways")
    if page.locator("html").get_attribute("data-bs-theme") != look.theme:
        wrong.append(f"{look}: is shown in the other theme")
    return wrong


@pytest.mark.parametrize("name", whole())
def test_a_page_has_no_barrier_fits_and_keeps_to_the_policy(
    name: str,
    browser: Browser,
    address: str,
    known: dict[str, str],
    log_in: LogIn,
) -> None:
    wrong: list[str] = []
    for look in LOOKS:
        with opened(browser, look, wrong) as page:
            if PAGES[name].logged_in:
                log_in(page.context)
            visit(page, PAGES[name], address, known)
            wrong += looked_at(page, look)
    assert wrong == []


# The list


def patterns(
    resolver: URLResolver, prefix: str = "", names: tuple[str, ...] = ()
) -> Iterator[tuple[str, set[str]]]:
    """Name and arguments of every address, without the administration: Django's own."""
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if route.startswith("admin/"):
            continue
        if isinstance(entry, URLPattern):
            yield ":".join((*names, entry.name or "")), set(entry.pattern.converters)
        else:
            below = (*names, entry.namespace) if entry.namespace else names
            yield from patterns(entry, route, below)


def is_page(client: Client, url: str) -> bool:
    response = client.get(url)
    if response.streaming:
        list(response)  # which closes it
    html = response.headers.get("Content-Type", "").startswith("text/html")
    return html and response.status_code == 200


def test_every_page_of_the_application_is_in_the_list(
    as_alice: Client, known: dict[str, str]
) -> None:
    missing = []
    for name, arguments in patterns(get_resolver()):
        url = reverse(
            name, kwargs={argument: known[argument] for argument in arguments}
        )
        shown = is_page(as_alice, url) or is_page(Client(), url)
        if shown and name not in PAGES:
            missing.append(name)
    assert missing == []


def test_every_name_in_the_list_is_that_of_its_address(known: dict[str, str]) -> None:
    for name, way in routed():
        assert resolve(way.path.format_map(known)).view_name == name


# The frame


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The page to log in, on a phone, in a light system."""
    complaints: list[str] = []
    with opened(browser, LOOKS[0], complaints) as page:
        page.goto(f"{address}/accounts/login/")
        yield page
    assert complaints == []


def theme(page: Page) -> str | None:
    return page.locator("html").get_attribute("data-bs-theme")


def test_the_menu_of_a_phone_opens_and_closes_by_keyboard(page: Page) -> None:
    menu = page.get_by_role("button", name="Menu")
    link = page.get_by_role("navigation").get_by_role("link", name="Register")
    assert not link.is_visible()
    menu.focus()
    page.keyboard.press("Enter")
    page.locator(".navbar-collapse.show").wait_for()  # keys count once it stands open
    assert link.is_visible()
    assert menu.get_attribute("aria-expanded") == "true"
    page.keyboard.press("Enter")
    link.wait_for(state="hidden")


def test_without_scripts_the_links_of_a_phone_stand_open(
    browser: Browser, address: str
) -> None:
    size = {"width": LOOKS[0].width, "height": HEIGHT}
    with browser.new_context(viewport=size, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{address}/accounts/login/")
        links = page.get_by_role("navigation")
        assert links.get_by_role("link", name="Register").is_visible()
        assert not links.get_by_role("button", name="Menu").is_visible()


def test_the_first_key_leads_past_the_frame(page: Page, address: str) -> None:
    page.goto(f"{address}/nowhere/")  # no field there has the focus from the start
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    assert skip.evaluate("link => link === document.activeElement")
    assert skip.bounding_box()["height"] > 20  # type: ignore[index]  # it is shown
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_a_theme_that_was_chosen_is_kept_until_the_other_is_chosen(page: Page) -> None:
    switch = page.get_by_role("button", name="Dark colours")
    assert (theme(page), switch.get_attribute("aria-pressed")) == ("light", "false")
    switch.click()
    page.reload()
    assert (theme(page), switch.get_attribute("aria-pressed")) == ("dark", "true")
    switch.click()
    assert theme(page) == "light"
    page.emulate_media(color_scheme="dark")  # nothing is kept: it follows the system
    page.locator("html[data-bs-theme=dark]").wait_for()


def test_a_password_is_shown_and_sent_as_one(page: Page) -> None:
    field = page.get_by_label("Password", exact=True)
    field.fill("correct horse 7")
    page.get_by_role("button", name="Show what is typed").click()
    assert field.get_attribute("type") == "text"
    page.get_by_role("button", name="Hide what is typed").click()
    assert field.get_attribute("type") == "password"


def test_htmx_keeps_to_the_policy(page: Page) -> None:
    config = json.loads(page.evaluate("JSON.stringify(htmx.config)"))
    assert config["allowEval"] is False
    assert config["includeIndicatorStyles"] is False
    assert config["historyCacheSize"] == 0


def wrong_with(html: str, page: Page, address: str) -> list[str]:
    """What is wrong with a page that no address shows at will, on a phone."""
    page.route("**/shown/", lambda route: route.fulfill(body=html))
    wrong = []
    for look in LOOKS[:2]:
        page.emulate_media(color_scheme="dark" if look.theme == "dark" else "light")
        page.goto(f"{address}/shown/", wait_until="networkidle")
        wrong += looked_at(page, look)
    return wrong


@pytest.mark.parametrize("template", ["400", "403", "403_csrf", "413", "429", "500"])
def test_a_refusal_has_no_barrier_and_fits(
    template: str, page: Page, address: str
) -> None:
    html = render_to_string(f"{template}.html", {"wait": Wait(300)})
    assert wrong_with(html, page, address) == []


def test_what_pages_are_built_of_has_no_barrier_in_our_colours(
    page: Page, address: str
) -> None:
    levels = (constants.INFO, constants.SUCCESS, constants.WARNING, constants.ERROR)
    kinds = ("primary", "secondary", "success", "danger", "warning", "info")
    context = {
        "messages": [Message(level, "It was said.") for level in levels],
        "kinds": kinds,
    }
    parts = (Path(__file__).parent / "components.html").read_text("utf-8")
    html = Template(parts).render(Context(context))
    assert wrong_with(html, page, address) == []


def test_a_message_can_be_put_away(page: Page, address: str) -> None:
    said = [Message(constants.SUCCESS, "Kept.")]
    html = render_to_string("404.html", {"messages": said})
    assert wrong_with(html, page, address) == []
    page.get_by_role("button", name="Close").click()
    page.get_by_text("Kept.").wait_for(state="detached")
