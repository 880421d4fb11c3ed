"""What the page's server answers."""

import json
from email.message import Message
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from mimika.live.commands import Command
from mimika.live.jpeg_slot import JpegSlot

FILES = Path(__file__).parent / "page_files"
PAGES = {
    "/": ("index.html", "text/html; charset=utf-8"),
    "/page.css": ("page.css", "text/css; charset=utf-8"),
    "/page.js": ("page.js", "text/javascript; charset=utf-8"),
}
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; img-src 'self' data:; "
    "script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
BOUNDARY = "mimika-frame"
AGAIN_S = (
    2.0  # after which a frame is sent again, which shows whether somebody is there
)
SLOW_S = 10.0  # a viewer who takes nothing for so long has gone
COMMANDS = "/commands/"


class Subject(Protocol):
    """What is shown, and who takes what is asked for.

    Attributes:
        slot: the frames.
    """

    slot: JpegSlot

    def as_json(self) -> dict[str, Any]:
        """What is going on and what was last seen."""

    def ask(self, command: Command) -> None:
        """Takes what a button asks for."""


def is_own_host(name: str, listening_on: str) -> bool:
    """Whether a request's Host means this server and cannot mean another.

    A name in the DNS can be bound to this address by whoever owns it. Addresses and
    `localhost` cannot.

    Args:
        name: the header's value, with or without a port.
        listening_on: the name or address that was given to the server.
    """
    try:
        host = urlsplit(f"//{name}").hostname or ""
    except ValueError:
        return False
    return host in ("localhost", listening_on.lower()) or _is_address(host)


def is_from_elsewhere(headers: Message, *, opening: bool) -> bool:
    """Whether another site's page asks.

    Args:
        headers: of the request.
        opening: whether the page itself is asked for, to which anybody may link.
    """
    origin = headers.get("Origin")
    if origin is not None and origin != f"http://{headers.get('Host')}":
        return True
    site = headers.get("Sec-Fetch-Site", "none")
    return site not in ("none", "same-origin") and not opening


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    timeout = SLOW_S
    server: Any  # the page's own, which has `page` and `host`
    server_version, sys_version = "mimika", ""

    def do_GET(self) -> None:
        """The page, its files, the frames, and what is known about the newest."""
        path = self.path.partition("?")[0]
        if not self._is_allowed(opening=path == "/"):
            return
        if path in PAGES:
            name, kind = PAGES[path]
            self._answer(HTTPStatus.OK, (FILES / name).read_bytes(), kind)
        elif path == "/moment.json":
            body = json.dumps(self._page.as_json()).encode()
            self._answer(HTTPStatus.OK, body, "application/json")
        elif path == "/stream":
            self._stream()
        else:
            self._refuse(HTTPStatus.NOT_FOUND, "there is no such page")

    def do_POST(self) -> None:
        """Takes a command: `/commands/pause` and the like."""
        if not self._is_allowed(opening=False):
            return
        known = {COMMANDS + command.value: command for command in Command}
        command = known.get(self.path)
        if command is None:
            self._refuse(HTTPStatus.NOT_FOUND, f"expected one of {', '.join(known)}")
            return
        self._page.ask(command)
        self._answer(HTTPStatus.ACCEPTED, b"{}", "application/json")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  its name
        """Says nothing: each frame would be a line."""

    @property
    def _page(self) -> Subject:
        page: Subject = self.server.page
        return page

    def _is_allowed(self, *, opening: bool) -> bool:
        host = self.headers.get("Host", "")
        if not is_own_host(host, self.server.host):
            self._refuse(
                HTTPStatus.MISDIRECTED_REQUEST,
                "open this page by its address or as localhost",
            )
            return False
        if is_from_elsewhere(self.headers, opening=opening):
            self._refuse(HTTPStatus.FORBIDDEN, "another site may not ask this")
            return False
        return True

    def _stream(self) -> None:
        """Sends frames until the viewer goes or the run ends."""
        self._begin(HTTPStatus.OK, f"multipart/x-mixed-replace; boundary={BOUNDARY}")
        number, slot = 0, self._page.slot
        self.wfile.write(f"--{BOUNDARY}\r\n".encode())
        while not slot.closed:
            shown = slot.newer_than(number, AGAIN_S)
            if shown is None:
                continue  # nothing was captured yet
            number = shown.number
            head = (
                f"Content-Type: image/jpeg\r\nContent-Length: {len(shown.jpeg)}\r\n\r\n"
            )
            # Browsers show a picture when the next boundary has come.
            self.wfile.write(
                head.encode() + shown.jpeg + f"\r\n--{BOUNDARY}\r\n".encode()
            )

    def _refuse(self, status: HTTPStatus, why: str) -> None:
        self._answer(status, why.encode(), "text/plain; charset=utf-8")

    def _answer(self, status: HTTPStatus, body: bytes, kind: str) -> None:
        self._begin(status, kind, len(body))
        self.wfile.write(body)

    def _begin(self, status: HTTPStatus, kind: str, length: int | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if length is not None:
            self.send_header("Content-Length", str(length))
        for name, value in HEADERS.items():
            self.send_header(name, value)
        self.end_headers()


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
