"""The page to try a model is there only where it was asked for."""

from pathlib import Path

from starlette.testclient import TestClient

from mimika.service.api import create_app
from mimika.service.settings import ServiceSettings
from mimika.service.twins import InMemoryPool


def asked(home: Path, *, demo: bool) -> TestClient:
    settings = ServiceSettings(home=home, demo=demo, max_bytes=1_234_567)
    return TestClient(create_app(settings, InMemoryPool(lambda job: None)))


def test_without_it_there_is_no_page(tmp_path: Path) -> None:
    client = asked(tmp_path, demo=False)
    assert [client.get(path).status_code for path in ("/", "/demo.js")] == [404, 404]


def test_page_and_files_come_with_a_strict_policy(tmp_path: Path) -> None:
    client = asked(tmp_path, demo=True)
    page = client.get("/")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert "<script src=" in page.text
    assert "http" not in page.text.replace("http-equiv", "")
    script = client.get("/demo.js")
    assert "1234567" in script.text
    assert "demo" not in client.get("/openapi.json").text.lower()
