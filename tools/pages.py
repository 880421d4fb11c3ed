"""Every page that people see, and how a browser comes to it.

The tests of the looks open each of them (`tests/browser`), and `tools/screenshots.py`
takes their pictures. A page that is missing here fails a test.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from playwright.sync_api import Page


@dataclass(frozen=True)
class Way:
    """How a page is reached.

    Attributes:
        path: its address; names in braces stand for what only a visit knows, such as
            the id of a result.
        logged_in: whether by the owner of the result, or by a stranger.
        submit: whether its form is sent as it is then, empty, to see what it says.
        part: whether it is a part of a page, which is not looked at by itself.
    """

    path: str
    logged_in: bool = True
    submit: bool = False
    part: bool = False


@dataclass(frozen=True)
class Look:
    """How a page is looked at.

    Attributes:
        width: of the window, in pixels.
        theme: `light` or `dark`, which the system asks for.
    """

    width: int
    theme: str

    def __str__(self) -> str:
        """As it stands in names of files."""
        return f"{self.width}-{self.theme}"


HEIGHT = 810
LOOKS = tuple(Look(w, theme) for w in (390, 1280) for theme in ("light", "dark"))

# The name of the address in the URLconf, or of a state of it.
PAGES: dict[str, Way] = {
    "home": Way("/"),
    "accounts:login": Way("/accounts/login/", logged_in=False),
    "accounts:register": Way("/accounts/register/", logged_in=False),
    "accounts:account": Way("/accounts/me/"),
    "analyses:new": Way("/analyses/new/"),
    "analyses:history": Way("/analyses/"),
    "analyses:detail": Way("/analyses/{analysis_id}/"),
    "analyses:status": Way("/analyses/{analysis_id}/status/", part=True),
    "analyses:card": Way("/analyses/{analysis_id}/card/", part=True),
    "analyses:statistics": Way("/analyses/statistics/"),
    "live:live": Way("/live/"),
    "detail waiting": Way("/analyses/{waiting_id}/"),
    "detail failed": Way("/analyses/{failed_id}/"),
    "history finds nothing": Way("/analyses/?q=elephant"),
    "about:model": Way("/about/model/", logged_in=False),
    "accounts:edit": Way("/accounts/me/edit/"),
    "accounts:password-change": Way("/accounts/me/password/"),
    "accounts:reset": Way("/accounts/reset/", logged_in=False),
    "accounts:reset-sent": Way("/accounts/reset/sent/", logged_in=False),
    "accounts:reset-confirm": Way("/accounts/reset/{uidb64}/{token}/", logged_in=False),
    "belongings:delete": Way("/accounts/me/delete/"),
    "login refused": Way("/accounts/login/", logged_in=False, submit=True),
    "register refused": Way("/accounts/register/", logged_in=False, submit=True),
    "new refused": Way("/analyses/new/", submit=True),
    "not found": Way("/nowhere/"),
    "not found for a stranger": Way("/nowhere/", logged_in=False),
}


def visit(page: Page, way: Way, address: str, known: Mapping[str, str]) -> None:
    """Leads a browser to a page.

    Args:
        page: the browser's, with or without the cookie of the owner.
        way: how.
        address: of the application, without a slash at the end.
        known: what stands for the names in braces.
    """
    page.goto(address + way.path.format_map(known))
    if way.submit:
        form = page.locator("main form[method=post]").first
        form.evaluate("form => { form.noValidate = true; }")
        form.evaluate("form => form.requestSubmit()")
        page.locator("main .errorlist").first.wait_for()


def whole() -> list[str]:
    """The names of what is looked at."""
    return [name for name, way in PAGES.items() if not way.part]


def routed() -> Iterator[tuple[str, Way]]:
    """The pages that stand under the name of an address."""
    return ((name, way) for name, way in PAGES.items() if " " not in name)
