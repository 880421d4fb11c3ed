import io
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPResponse
from typing import Any

import numpy as np
import pytest
import requests
from PIL import Image

from mimika.core.errors import ServiceError
from mimika.live.commands import Command, State
from mimika.live.frames import Frame
from mimika.live.moment import Moment
from mimika.live.page import Page
from mimika.live.page_handler import BOUNDARY

LIMIT_S = 20


@pytest.fixture
def page() -> Iterator[Page]:
    with Page() as page:
        yield page


def parts(response: HTTPResponse) -> Iterator[np.ndarray]:
    """The pictures of a stream as they come."""
    assert response.readline() == f"--{BOUNDARY}\r\n".encode()
    while True:
        assert response.readline() == b"Content-Type: image/jpeg\r\n"
        length = int(response.readline().removeprefix(b"Content-Length: "))
        assert response.readline() == b"\r\n"
        with Image.open(io.BytesIO(response.read(length))) as image:
            yield np.asarray(image)
        end = response.readline() + response.readline()
        assert end == f"\r\n--{BOUNDARY}\r\n".encode()


def watch(page: Page) -> HTTPResponse:
    host, port = page.address.removeprefix("http://").split(":")
    connection = HTTPConnection(host, int(port), timeout=LIMIT_S)
    connection.request("GET", "/stream")
    return connection.getresponse()


def get(page: Page, path: str, **headers: str) -> requests.Response:
    return requests.get(page.address + path, headers=headers, timeout=LIMIT_S)


def post(page: Page, command: str, **headers: str) -> requests.Response:
    return requests.post(
        f"{page.address}/commands/{command}", headers=headers, timeout=LIMIT_S
    )


def test_it_listens_on_this_machine_alone(page: Page) -> None:
    assert page.address.startswith("http://127.0.0.1:")
    assert not page.address.endswith(":0")


def test_a_taken_port_is_an_error(page: Page) -> None:
    port = int(page.address.rpartition(":")[2])
    with pytest.raises(ServiceError, match=f"cannot listen on 127.0.0.1 port {port}"):
        Page(port=port)


def test_the_page_loads_only_its_own_files(page: Page) -> None:
    shown = get(page, "/")
    assert shown.status_code == 200
    assert shown.headers["Content-Type"] == "text/html; charset=utf-8"
    policy = shown.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "style=" not in shown.text
    assert "onclick" not in shown.text
    for path, kind in (("/page.css", "text/css"), ("/page.js", "text/javascript")):
        assert path in shown.text
        assert get(page, path).headers["Content-Type"].startswith(kind)
    assert get(page, "/etc/passwd").status_code == 404
    assert get(page, "/../page.py").status_code == 404


def test_two_viewers_see_the_frames(
    page: Page, make_frame: Callable[..., Frame], make_moment: Callable[..., Moment]
) -> None:
    frame = make_frame(0, (10, 200, 30))
    page.show(frame, make_moment(frame))
    viewers = [parts(watch(page)) for _ in range(2)]
    for pixels in map(next, viewers):
        assert pixels.shape == frame.pixels.shape
        assert np.abs(pixels.astype(int) - frame.pixels).max() < 6
    newer = make_frame(1, (200, 10, 30))
    page.show(newer, make_moment(newer))
    for pixels in map(next, viewers):
        assert np.abs(pixels.astype(int) - newer.pixels).max() < 6


def test_a_viewer_that_takes_nothing_holds_nobody_up(
    page: Page, make_frame: Callable[..., Frame], make_moment: Callable[..., Moment]
) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (480, 640, 3), np.uint8)
    host, port = page.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as stuck:
        stuck.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
        stuck.sendall(f"GET /stream HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        awake = parts(watch(page))
        for index in range(20):
            page.show(Frame(noise, 0.0, index), make_moment(make_frame(index)))
            assert next(awake).shape == (480, 640, 3)
        assert get(page, "/moment.json").json()["moment"]["index"] == 19


def test_what_goes_on_is_told_as_json(
    page: Page, make_frame: Callable[..., Frame], make_moment: Callable[..., Moment]
) -> None:
    quiet = {"paused": False, "recording": False, "mirrored": False, "said": ""}
    assert get(page, "/moment.json").json() == {"state": quiet, "moment": None}
    page.tell(State(paused=True, said="snapshot: x.png"))
    page.show(make_frame(), make_moment(make_frame()))
    told: dict[str, Any] = get(page, "/moment.json").json()
    assert told["state"] == quiet | {"paused": True, "said": "snapshot: x.png"}
    assert told["moment"]["people"][0]["label"] == "happy"


def test_buttons_are_commands_in_their_order(page: Page) -> None:
    for command in ("pause", "snapshot", "quit"):
        assert post(page, command, Origin=page.address).status_code == 202
    asked = [Command.PAUSE, Command.SNAPSHOT, Command.QUIT]
    assert page.commands() == asked
    assert page.commands() == []


def test_an_unknown_command_is_refused_with_those_there_are(page: Page) -> None:
    answer = post(page, "explode")
    assert answer.status_code == 404
    assert "/commands/snapshot" in answer.text
    assert page.commands() == []


def test_nothing_is_asked_for_by_looking(page: Page) -> None:
    assert get(page, "/commands/quit").status_code == 404
    assert page.commands() == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_what_another_site_asks_is_refused(page: Page, headers: dict[str, str]) -> None:
    assert post(page, "quit", **headers).status_code == 403
    assert get(page, "/stream", **headers).status_code == 403
    assert get(page, "/moment.json", **headers).status_code == 403
    assert page.commands() == []


def test_a_name_that_was_bound_to_this_address_is_refused(page: Page) -> None:
    port = page.address.rpartition(":")[2]
    for path in ("/", "/stream", "/moment.json"):
        answer = get(page, path, Host=f"rebound.example:{port}")
        assert answer.status_code == 421
        assert "localhost" in answer.text
    assert post(page, "quit", Host=f"rebound.example:{port}").status_code == 421
    assert get(page, "/", Host=f"localhost:{port}").status_code == 200
    assert page.commands() == []


def test_closing_lets_viewers_go_and_frees_the_port(
    make_frame: Callable[..., Frame], make_moment: Callable[..., Moment]
) -> None:
    before = threading.active_count()
    page = Page()
    page.show(make_frame(), make_moment(make_frame()))
    response = watch(page)
    stream = parts(response)
    next(stream)
    page.close()
    page.close()
    assert response.read() == f"\r\n--{BOUNDARY}\r\n".encode()  # nothing more
    until_s = time.monotonic() + LIMIT_S
    while threading.active_count() > before:
        assert time.monotonic() < until_s
        time.sleep(0.01)
    Page(port=int(page.address.rpartition(":")[2])).close()
