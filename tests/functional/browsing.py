"""A person with a browser, whose console and requests are written down."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, ConsoleMessage, Page
from visitor import PASSWORD

WIDER = "document.documentElement.scrollWidth > innerWidth"
HEIGHT = 740
LIMIT_MS = 30_000


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

    def fits(self, width: int) -> bool:
        """Whether nothing has to be scrolled sideways on a screen of this width."""
        self.page.set_viewport_size({"width": width, "height": HEIGHT})
        return not self.page.evaluate(WIDER)

    def stayed_with(self, address: str) -> bool:
        """Whether nothing was complained about and no other host was asked."""
        own = all(asked.startswith(address) for asked in self.requests)
        return own and self.console == []

    def mark(self) -> None:
        """Leaves something in the page that a reload would lose."""
        self.page.evaluate("window.marked = true")

    def is_marked(self) -> bool:
        """Whether the page is still the one that was marked."""
        return bool(self.page.evaluate("window.marked === true"))


@contextmanager
def watched(browser: Browser) -> Iterator[Watched]:
    """A new page as a person without any cookie has it."""
    with browser.new_context(reduced_motion="reduce") as context:  # nothing moves away
        page = context.new_page()
        page.set_default_timeout(LIMIT_MS)
        watch = Watched(page, [], [])

        def note(message: ConsoleMessage) -> None:
            if message.type in ("error", "warning"):
                where = message.location["url"]
                watch.console.append(f"{message.text} ({where})")

        page.on("console", note)
        page.on("pageerror", lambda error: watch.console.append(str(error)))
        page.on("request", lambda request: watch.requests.append(request.url))
        yield watch


def register(page: Page, address: str, name: str) -> None:
    """Opens the application and makes an account."""
    page.goto(address)
    page.get_by_role("link", name="Register").first.click()
    page.get_by_label("Username").fill(name)
    page.get_by_label("E-mail address").fill(f"{name}@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password confirmation").fill(PASSWORD)
    page.get_by_role("button", name="Register").click()
    page.get_by_role("heading", name=f"Welcome, {name}").wait_for()


def choose(page: Page, *pictures: Path) -> None:
    """Opens the form and chooses pictures."""
    page.get_by_role("link", name="New picture").click()
    page.get_by_label("Pictures", exact=True).set_input_files(pictures)


def analyse(page: Page) -> None:
    """Sends the form."""
    page.get_by_role("button", name="Analyse").click()


def wait_for_answer(page: Page) -> None:
    """Waits until the page shows the photograph's face."""
    page.get_by_role("heading", name="1 face found.").wait_for()
