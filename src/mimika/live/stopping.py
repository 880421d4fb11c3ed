"""Ctrl-C that asks for an end instead of breaking off in the middle of a frame."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def stop_on_signals() -> Iterator[threading.Event]:
    """An event that SIGINT (Ctrl-C) or SIGTERM sets, for as long as the block lasts.

    Whoever works looks at it between two frames and then ends what is being written. A
    second Ctrl-C breaks off as usual. Outside of the main thread, where Python knows no
    signals, the event is only never set.
    """
    stopping = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stopping
        return

    def stop(number: int, _: FrameType | None) -> None:
        stopping.set()
        signal.signal(number, signal.SIG_DFL if number != signal.SIGINT else again)

    again = signal.default_int_handler
    numbers = (signal.SIGINT, signal.SIGTERM)
    former = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield stopping
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
