import gzip
from wsgiref.headers import Headers

import pytest
from django.test import Client

from mimika.web.analyses.models import Analysis
from mimika.web.live.headers import add_static_headers

LIVE = "/live/"


@pytest.fixture
def pages(result: Analysis) -> list[str]:
    own = result.get_absolute_url()
    others = ["/", "/accounts/me/", "/analyses/", "/analyses/new/", "/about/model/"]
    return [*others, "/analyses/statistics/", "/accounts/login/", own, "/nowhere/"]


def policy_of(client: Client, url: str) -> dict[str, list[str]]:
    policy = client.get(url).headers["Content-Security-Policy"]
    parts = (part.split() for part in policy.split(";"))
    return {name: values for name, *values in parts}


def test_the_policy_is_relaxed_by_webassembly_and_own_workers_alone(
    as_alice: Client,
) -> None:
    usual, here = policy_of(as_alice, "/"), policy_of(as_alice, LIVE)
    assert here["script-src"] == ["'self'", "'wasm-unsafe-eval'"]
    assert here["worker-src"] == ["'self'"]
    for name, values in usual.items():
        if name != "script-src":
            assert here[name] == values, name
    assert set(here) - set(usual) == {"worker-src"}


def test_the_page_may_use_the_camera_and_threads(as_alice: Client) -> None:
    headers = as_alice.get(LIVE).headers
    assert headers["Permissions-Policy"].startswith("camera=(self), geolocation=()")
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert headers["Cache-Control"] == "private, no-store"


def test_no_other_page_is_opened(pages: list[str], as_alice: Client) -> None:
    for page in pages:
        for client in (as_alice, Client()):
            headers = client.get(page).headers
            policy = headers["Content-Security-Policy"]
            assert "wasm" not in policy, page
            assert "worker-src" not in policy, page
            assert "camera=()" in headers["Permissions-Policy"], page
            assert "Cross-Origin-Embedder-Policy" not in headers, page


def test_the_scripts_of_workers_have_a_policy_and_are_isolated(
    client: Client, db: None
) -> None:
    for file in ("mimika/live/worker.js", "vendor/onnxruntime/ort.wasm.min.mjs"):
        response = client.get(f"/static/{file}")
        response.close()
        assert response.headers["Content-Type"].startswith("text/javascript")
        assert response.headers["Cross-Origin-Embedder-Policy"] == "require-corp"
        policy = response.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src 'self' 'wasm-unsafe-")
        assert "connect-src 'self'" in policy


def test_compressed_webassembly_says_what_it_is(client: Client, db: None) -> None:
    file = "vendor/onnxruntime/ort-wasm-simd-threaded.wasm.gz"
    response = client.get(f"/static/{file}")
    content = b"".join(response)  # type: ignore[arg-type]
    response.close()
    assert response.headers["Content-Type"] == "application/wasm"
    assert response.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(content).startswith(b"\0asm")


def test_other_static_files_keep_their_headers() -> None:
    headers = Headers([("Content-Type", "text/css")])
    add_static_headers(headers, "/x/style.css", "/static/mimika/style.css")
    assert headers.items() == [("Content-Type", "text/css")]
