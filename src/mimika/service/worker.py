"""A worker process: reads jobs from its standard input, answers on its output.

Started as `python -m mimika.service.worker` by `service.process`, never forked: an
onnxruntime session does not survive a fork. It ends when its input ends, and on Linux
the kernel kills it with its parent, so that no worker outlives the service.
"""

import ctypes
import importlib
import logging
import os
import signal
import sys
import threading
from typing import Any, BinaryIO

from mimika.core.errors import MimikaError
from mimika.core.memory import MIB, resident_mb
from mimika.service.frames import Frame, encode, read_frame
from mimika.service.logs import FrameHandler, request_id
from mimika.service.problems import slug_of
from mimika.service.schemas import OPTIONS
from mimika.service.work import Job, Work

logger = logging.getLogger("mimika.service.worker")

PR_SET_PDEATHSIG = 1


class Outbox:
    """Sends frames to the parent; threads may share it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def send(self, frame: Frame) -> None:
        """Sends one frame."""
        with self._lock:
            self._stream.write(encode(frame))
            self._stream.flush()


def main() -> None:
    """Serves the parent until it closes the pipe or dies."""
    _leave_signals_to_parent()
    inbox, outbox = _open_pipes()
    setup = read_frame(inbox)
    if setup is None:
        return
    _log_to_parent(outbox, setup.header["log_level"])
    _limit_memory(setup.header["memory_mb"])
    try:
        work = _build(setup.header["target"], setup.header["options"])
        work.warm_up()
    except MimikaError as error:
        outbox.send(Frame("failed", {"slug": slug_of(error), "detail": str(error)}))
        return
    except Exception as error:
        logger.exception("the worker cannot start")
        detail = f"a worker cannot start: {type(error).__name__}: {error}"
        outbox.send(Frame("failed", {"slug": "internal", "detail": detail}))
        return
    models = [model.model_dump(mode="json") for model in work.models]
    outbox.send(Frame("ready", {"models": models}))
    while (frame := read_frame(inbox)) is not None:
        reply = answer(work, frame)
        reply.header["memory_mb"] = max(0, resident_mb() - work.kept_mb)
        outbox.send(reply)


def answer(work: Work, frame: Frame) -> Frame:
    """Does the job of a frame; what goes wrong becomes the answer."""
    request_id.set(frame.header["request_id"])
    try:
        kind = OPTIONS[frame.header["wanted"]]
        options = kind.model_validate(frame.header["options"])
        done = work(Job(frame.body, options, frame.header["request_id"]))
        header = {"seconds": dict(done.seconds), "faces": done.faces}
        return Frame("result", header, done.body)
    except MimikaError as error:
        return Frame("error", {"slug": slug_of(error), "detail": str(error)})
    except MemoryError:
        detail = "the picture needs more memory than a worker may use; save it smaller"
        return Frame("error", {"slug": "image-too-large", "detail": detail})
    except Exception:
        logger.exception("unforeseen error in a job")
        return Frame("error", {"slug": "internal", "detail": _UNFORESEEN})
    finally:
        request_id.set("-")


_UNFORESEEN = "an unforeseen error; the service's log has it under the request id"


def _leave_signals_to_parent() -> None:
    """The parent stops its workers itself, after they finished their jobs.

    A terminal and most supervisors signal the whole group of processes, so both
    signals arrive here as well.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _open_pipes() -> tuple[BinaryIO, Outbox]:
    """Takes both pipes away from anything else in this process.

    What a library prints goes to standard error instead of between the frames.
    """
    inbox = os.fdopen(os.dup(0), "rb")
    outbox = os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(2, 1)
    os.close(null)
    return inbox, Outbox(outbox)


def _log_to_parent(outbox: Outbox, level: str) -> None:
    logging.captureWarnings(True)
    root = logging.getLogger()
    root.setLevel(level)
    root.addHandler(FrameHandler(outbox.send))


def _limit_memory(memory_mb: int) -> None:
    """Bounds the address space, where the system can; 0 is no bound."""
    if memory_mb and sys.platform != "win32":
        import resource

        bound = memory_mb * MIB
        resource.setrlimit(resource.RLIMIT_AS, (bound, bound))


def _build(target: str, options: dict[str, Any]) -> Work:
    """Calls the function that `module:function` names."""
    module, _, function = target.partition(":")
    work: Work = getattr(importlib.import_module(module), function)(options)
    return work


if __name__ == "__main__":
    main()
