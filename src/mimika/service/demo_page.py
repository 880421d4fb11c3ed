"""One page to try a model: drop a picture, wait, see the answer.

It is served by the processing service itself, where that was asked for, and asks the
same routes as any client, with the same limits. Nothing on it comes from elsewhere.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path

from fastapi import FastAPI, Response

FOLDER = Path(__file__).parent / "demo"
FILES = {
    "/": ("demo.html", "text/html; charset=utf-8"),
    "/demo.css": ("demo.css", "text/css; charset=utf-8"),
    "/demo.js": ("demo.js", "text/javascript; charset=utf-8"),
}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' blob: data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
LARGEST = "Number(document.currentScript?.dataset.most || 15e6)"


def add_demo_page(app: FastAPI, max_bytes: int) -> None:
    """Adds the page and its two files to the service.

    Args:
        app: gets the routes; they are in no OpenAPI document.
        max_bytes: the largest picture; the page says so before it sends one.
    """
    for path, (name, kind) in FILES.items():
        text = (FOLDER / name).read_text("utf-8").replace(LARGEST, str(max_bytes))
        app.add_api_route(path, _serving(text, kind), include_in_schema=False)


def _serving(text: str, kind: str) -> Callable[[], Awaitable[Response]]:
    async def serve() -> Response:
        return Response(text, media_type=kind, headers=HEADERS)

    return serve
