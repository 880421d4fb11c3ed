"""Against real servers: the page of this package, HTTP, UDP, and silent sockets."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path

import av
import numpy as np
import pytest
from films import marked, write_film

from mimika.core.errors import SourceError
from mimika.live.frames import Frame
from mimika.live.moment import Moment
from mimika.live.page import Page
from mimika.live.stream import Stream, is_address, public_address


class Feed:
    """Shows frames on a page, 50 in a second, until it is stopped."""

    def __init__(self, page: Page, make_moment: Callable[..., Moment]) -> None:
        self._page, self._make_moment = page, make_moment
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        for index in count():
            frame = Frame(marked(index), index / 50, index)
            self._page.show(frame, self._make_moment(frame))
            if self._over.wait(0.02):
                return


@pytest.fixture
def page() -> Iterator[Page]:
    with Page() as page:
        yield page


@pytest.fixture
def feed(page: Page, make_moment: Callable[..., Moment]) -> Iterator[Feed]:
    feed = Feed(page, make_moment)
    yield feed
    feed.stop()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def files(tmp_path: Path) -> Iterator[str]:
    """The address of a server for the files of a folder."""
    handler = partial(Quiet, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        serving = threading.Thread(target=server.serve_forever, args=(0.05,))
        serving.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        serving.join()


def read_all(stream: Stream) -> list[Frame]:
    return list(iter(stream.read, None))


@pytest.mark.usefixtures("feed")
def test_mjpeg_over_http_is_live_with_the_times_of_arrival(page: Page) -> None:
    stream = Stream(f"{page.address}/stream")
    began_s = time.monotonic()
    frames = [stream.read() for _ in range(5)]
    took_s = time.monotonic() - began_s
    stream.close()
    stream.close()
    assert stream.paced
    times = [frame.time_s for frame in frames if frame]
    assert len(times) == 5
    assert times == sorted(times)
    assert times[-1] - times[0] <= took_s
    assert [frame.index for frame in frames if frame] == [0, 1, 2, 3, 4]
    assert frames[0] is not None
    corner = frames[0].pixels[5, 5].astype(int)
    assert frames[0].pixels.shape == (48, 64, 3)
    assert np.abs(corner - (230, 20, 20)).max() < 20  # red, not blue


def test_a_stream_that_falls_silent_is_given_up(page: Page, feed: Feed) -> None:
    stream = Stream(f"{page.address}/stream", timeout_s=1.0)
    assert stream.read() is not None
    feed.stop()
    with pytest.raises(SourceError, match=r"/stream: nothing came for 1 s; check"):
        read_all(stream)
    stream.close()


def test_a_sender_that_hangs_up_is_said_to_have_broken_off(
    page: Page, feed: Feed
) -> None:
    stream = Stream(f"{page.address}/stream")
    assert stream.read() is not None
    feed.stop()
    page.close()
    with pytest.raises(SourceError, match=r"/stream: broke off"):
        read_all(stream)
    stream.close()


def test_a_video_on_a_server_waits_and_keeps_its_times(
    files: str, tmp_path: Path
) -> None:
    times_s = [i / 10 for i in range(6)]
    write_film(tmp_path / "film.mp4", times_s)
    stream = Stream(f"{files}/film.mp4")
    frames = list(iter(stream.read, None))
    stream.close()
    assert not stream.paced
    assert [frame.time_s for frame in frames] == pytest.approx(times_s)


def test_mpeg_over_udp_is_received() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"udp://127.0.0.1:{port}"
    over = threading.Event()

    def send() -> None:
        with av.open(f"{address}?pkt_size=1316", "w", format="mpegts") as output:
            video = output.add_stream("mpeg2video", rate=25)
            video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
            video.gop_size = 5
            for index in count():
                picture = av.VideoFrame.from_ndarray(marked(index), format="rgb24")
                output.mux(video.encode(picture))
                if over.wait(0.02):
                    return

    sender = threading.Thread(target=send)
    sender.start()
    try:
        stream = Stream(address)
        frames = [stream.read() for _ in range(3)]
        stream.close()
    finally:
        over.set()
        sender.join()
    assert stream.paced
    assert all(f is not None and f.pixels.shape == (48, 64, 3) for f in frames)


def test_a_port_where_nobody_listens_is_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(SourceError) as raised:
        Stream(f"http://user:secret@127.0.0.1:{port}/camera?token=secret")
    said = str(raised.value)
    assert said.startswith(f"http://127.0.0.1:{port}/camera: cannot be opened as a ")
    assert "refused" in said
    assert "check the address" in said
    assert "secret" not in said
    assert "\n" not in said


@pytest.mark.parametrize("scheme", ["http", "rtsp"])
def test_who_listens_but_never_answers_is_given_up(scheme: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(SourceError, match=r"nothing came for 0\.3 s; check"):
            Stream(f"{scheme}://127.0.0.1:{port}/x", timeout_s=0.3)


def test_a_page_that_is_no_video_is_refused(files: str, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<p>nothing</p>" * 100)
    with pytest.raises(SourceError, match=r"page\.html"):
        Stream(f"{files}/page.html")
    with pytest.raises(SourceError, match=r"missing\.mp4: cannot be opened .*404"):
        Stream(f"{files}/missing.mp4")


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("rtsp://10.0.0.1/live", True),
        ("RTSP://10.0.0.1/live", True),
        ("https://example.org/a.m3u8", True),
        ("udp://0.0.0.0:1234", True),
        ("file:///etc/passwd", False),
        ("concat://a", False),
        ("holiday.mp4", False),
        ("http:holiday.mp4", False),
        ("0", False),
    ],
)
def test_addresses_are_known_by_their_schemes(name: str, is_one: bool) -> None:
    assert is_address(name) is is_one


def test_an_address_with_half_a_bracket_is_refused() -> None:
    with pytest.raises(SourceError, match=r"'http://\[bad' is no address of a stream"):
        Stream("http://[bad")


def test_what_is_secret_in_an_address_is_not_shown() -> None:
    shown = public_address("rtsp://admin:pa@ss@10.0.0.1:554/live?key=7")
    assert shown == "rtsp://10.0.0.1:554/live"
