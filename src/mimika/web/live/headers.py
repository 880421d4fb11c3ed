"""What the live page and its scripts may do that no other page may.

The page uses the camera and compiles WebAssembly; and it is isolated from pages of
other origins, without which browsers give it no threads. Its workers are scripts with a
policy of their own: that of the page does not bind them.
"""

from collections.abc import Callable
from functools import wraps
from wsgiref.headers import Headers

from csp.constants import SELF
from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from mimika.web.headers import PERMISSIONS

WASM = "'wasm-unsafe-eval'"  # WebAssembly alone: JavaScript's eval stays forbidden
ISOLATED = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
}
FOLDERS = ("/static/mimika/live/", "/static/vendor/onnxruntime/")
WORKERS = (
    f"default-src 'none'; script-src 'self' {WASM}; connect-src 'self'; "
    "worker-src 'self'"
)
PACKED = ".wasm.gz"

View = Callable[[HttpRequest], HttpResponse]


def with_camera_and_threads(view: View) -> Callable[[HttpRequest], HttpResponseBase]:
    """Opens what the live page needs, on this page alone."""

    @csp_update({"script-src": [WASM], "worker-src": [SELF]})
    @wraps(view)
    def opened(request: HttpRequest) -> HttpResponse:
        response = view(request)
        camera = PERMISSIONS.replace("camera=()", "camera=(self)")
        response["Permissions-Policy"] = camera
        for name, value in ISOLATED.items():
            response[name] = value
        return response

    return opened


def add_static_headers(headers: Headers, _path: str, url: str) -> None:
    """Completes the headers of a static file (`WHITENOISE_ADD_HEADERS_FUNCTION`).

    ONNX Runtime lies compressed in the package, because it is four times as large
    otherwise; every browser unpacks it on the way.
    """
    if url.endswith(PACKED):
        headers["Content-Type"] = "application/wasm"
        headers["Content-Encoding"] = "gzip"
    if url.startswith(FOLDERS):
        headers["Cross-Origin-Embedder-Policy"] = "require-corp"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        headers["Content-Security-Policy"] = WORKERS
