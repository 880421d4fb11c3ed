"""The check that a container runs."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from mimika.core.health import main

SEEN: list[tuple[str, str]] = []


class Answering(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        SEEN.append((self.headers["Host"], self.headers["X-Forwarded-Proto"]))
        self.send_response(200 if self.path == "/well" else 503)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    SEEN.clear()
    with HTTPServer(("127.0.0.1", 0), Answering) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("path", "code", "words"), [("well", 0, "200"), ("x", 1, "503")]
)
def test_the_exit_code_says_whether_the_page_came(
    address: str, path: str, code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([f"{address}/{path}"]) == code
    assert words in capsys.readouterr().out


def test_nobody_there_is_sick_and_no_address_a_wrong_call(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["http://127.0.0.1:9/"]) == 1
    assert main([]) == 2
    assert "expected one address" in capsys.readouterr().err


def test_the_web_applications_own_name_is_asked_for(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MIMIKA_ALLOWED_HOSTS", ".mimika.example, other")
    assert main([address + "/well"]) == 0
    assert SEEN == [("mimika.example", "https")]


def test_it_runs_as_a_command_without_loading_anything_large(address: str) -> None:
    code = "import sys, runpy; sys.argv = ['health', sys.argv[1]]\n"
    code += "try: runpy.run_module('mimika.core.health', run_name='__main__')\n"
    code += "except SystemExit as end: print(end.code, 'numpy' in sys.modules)"
    command = [sys.executable, "-c", code, address + "/well"]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "0 False"
