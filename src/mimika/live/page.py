"""The moving picture in a browser: frames as JPEG, and buttons for the commands.

A page that somebody else's server gave may try to reach this one through the browser of
whoever looks. It gets nothing: a host name that could be bound to this address is
refused, and so is what another site asks for.
"""

import threading
from http.server import ThreadingHTTPServer
from socketserver import BaseServer
from types import TracebackType
from typing import Any, Self

from mimika.core.listening import address_of, listen
from mimika.live.commands import Command, State
from mimika.live.frames import Frame
from mimika.live.jpeg_slot import JpegSlot
from mimika.live.json_lines import as_json
from mimika.live.moment import Moment
from mimika.live.page_handler import Handler

POLL_S = 0.2  # after which the server notices that it is to stop


class Page:
    """A server for people on this machine; a `Viewer`.

    Attributes:
        address: the URL under which it is reached.
        slot: what is shown.
    """

    def __init__(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Starts it.

        Args:
            host: address or name to listen on.
            port: 0 picks a free one.

        Raises:
            ServiceError: the port is taken.
        """
        self.slot = JpegSlot()
        self._lock = threading.Lock()
        self._asked: list[Command] = []
        self._state = State()
        self._moment: Moment | None = None
        self._server = _Server(self, host, port)
        self.address = address_of(self._server.socket)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(POLL_S,), name="page", daemon=True
        )
        self._thread.start()

    def __enter__(self) -> Self:
        """The page itself; the end of the block closes it."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Closes it."""
        self.close()

    def show(self, frame: Frame, moment: Moment) -> None:
        """Takes the newest frame; it becomes a JPEG when somebody looks."""
        with self._lock:
            self._moment = moment
        self.slot.put(frame.pixels)

    def commands(self) -> list[Command]:
        """What was asked for by buttons since the last call."""
        with self._lock:
            asked, self._asked = self._asked, []
            return asked

    def ask(self, command: Command) -> None:
        """Takes what a button asks for; called by the server's threads."""
        with self._lock:
            self._asked.append(command)

    def tell(self, state: State) -> None:
        """Takes what is going on."""
        with self._lock:
            self._state = state

    def as_json(self) -> dict[str, Any]:
        """What is going on and what was last seen, ready for `json.dumps`."""
        with self._lock:
            state, moment = self._state, self._moment
        seen = None if moment is None else as_json(moment)
        return {"state": vars(state), "moment": seen}

    def close(self) -> None:
        """Lets all viewers go and ends the server; a second call does nothing."""
        self.slot.close()
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    """Connections that know their page, on a socket that is listening already."""

    daemon_threads = True  # a viewer that hangs must not keep the program alive

    def __init__(self, page: Page, host: str, port: int) -> None:
        listener = listen(host, port)
        # Not `HTTPServer.__init__`, whose `server_bind` looks up the host's name.
        BaseServer.__init__(self, listener.getsockname(), Handler)
        self.socket = listener
        self.page, self.host = page, host

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Says nothing: a browser that goes away in between is no error."""
