"""The threads that take pictures from the queue to the processing service.

They run in every process of the web server, or alone in `mimika web dispatch`; any
number of them may run, here and on other machines. A process that is killed loses
nothing: its claims run out (`analyses.states`).
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar
from uuid import UUID

from django.db import connection

from mimika.core import results
from mimika.core.errors import (
    ImageError,
    InputError,
    MimikaError,
    ModelError,
    ServiceBusyError,
    ServiceTimeoutError,
    WorkerCrashedError,
)
from mimika.core.tasks import EMOTION
from mimika.web.analyses import catalogue, files, service, states
from mimika.web.analyses.models import Analysis
from mimika.web.request_id import serving

logger = logging.getLogger(__name__)

THREADS = 2  # of each process; they wait for the service most of the time
LOOK_S = 0.5  # between two looks into the queue, which other processes fill too
STOP_S = 6.0  # for what runs to be finished; a claim lasts longer without a sign

CRASHES = (WorkerCrashedError, ServiceTimeoutError)

Asked = ParamSpec("Asked")
Value = TypeVar("Value")

_news = threading.Semaphore(0)


def wake(times: int = 1) -> None:
    """Has threads of this process look into the queue at once.

    Args:
        times: how many of them.
    """
    _news.release(times)


class Dispatcher:
    """Threads that work until they are stopped."""

    def __init__(self, threads: int = THREADS) -> None:
        """Prepares them; `start` starts them."""
        self._ends = threading.Event()
        self._claims: set[UUID] = set()
        loops = [self._work] * threads + [self._say_alive]
        self._threads = [threading.Thread(target=run, daemon=True) for run in loops]

    def start(self) -> None:
        """Starts the threads."""
        for thread in self._threads:
            thread.start()

    def stop(self, limit_s: float = STOP_S) -> None:
        """Takes nothing more, waits for what runs and gives back what is not done."""
        self._ends.set()
        wake(len(self._threads))
        end = time.monotonic() + limit_s
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))
        if self._claims:
            states.release(list(self._claims))

    def _work(self) -> None:
        """Takes one analysis after the other."""
        while not self._ends.is_set():
            analysis = _undisturbed(states.claim_next)
            if analysis is None or analysis.claim is None:
                _news.acquire(timeout=LOOK_S)
                continue
            self._claims.add(analysis.claim)
            try:
                with serving(analysis.request_id):
                    _undisturbed(process, analysis)
            finally:
                self._claims.discard(analysis.claim)
        connection.close()

    def _say_alive(self) -> None:
        """Keeps the claims of what runs."""
        while not self._ends.wait(states.LEASE_S / 4):
            if self._claims:
                _undisturbed(states.keep, list(self._claims))
        connection.close()


def process(analysis: Analysis) -> None:
    """Has a claimed analysis answered, put off or given up."""
    logger.info("analysis %s of person %s begins", analysis.pk, analysis.owner_id)
    began = time.perf_counter()
    try:
        answer = _ask(analysis)
    except Exception as error:  # nothing may stop the queue
        _put_off(analysis, error, 1000 * (time.perf_counter() - began))
        return
    if states.finish(analysis, answer):
        took_ms = 1000 * (time.perf_counter() - began)
        logger.info(
            "analysis %s of person %s done in %.0f ms: %d faces",
            *(analysis.pk, analysis.owner_id, took_ms, len(answer.faces)),
        )
    else:
        logger.info("analysis %s was taken away; its answer is dropped", analysis.pk)


def _ask(analysis: Analysis) -> results.Analysis:
    """The service's answer.

    Raises:
        MimikaError: there is none.
        OSError: the picture cannot be read.
    """
    if analysis.model_name and catalogue.is_off(analysis.model_name):
        raise ModelError(f"model {analysis.model_name} is switched off")
    return service.get_client().analyze(
        files.path_of(analysis.pk, "original").read_bytes(),
        faces=analysis.faces_mode,  # type: ignore[arg-type]  # a choice of the field
        detail=analysis.detail,  # type: ignore[arg-type]  # likewise
        model=analysis.model_name or None,
        task=None if analysis.model_name else EMOTION.name,
        request_id=analysis.request_id or None,
    )


def _put_off(analysis: Analysis, error: Exception, took_ms: float) -> None:
    """Decides what becomes of an analysis without an answer."""
    known = isinstance(error, (MimikaError, OSError))
    crashed = isinstance(error, CRASHES) or not known
    hopeless = crashed and analysis.crashes + 1 >= states.MOST_CRASHES
    problem = service.explain(error)
    why = (analysis.pk, analysis.owner_id, took_ms, error)
    if isinstance(error, (ImageError, InputError, OSError)) or hopeless:
        logger.warning("analysis %s of person %s failed after %.0f ms: %s", *why)
        states.fail(analysis, problem)
        return
    asked_s = error.retry_after_s if isinstance(error, ServiceBusyError) else 0
    wait_s = states.pause_s(analysis.attempts, asked_s)
    logger.warning("analysis %s of person %s waits after %.0f ms: %s", *why)
    states.postpone(analysis, problem, wait_s, crashed)


def _undisturbed(
    work: Callable[Asked, Value], *asked: Asked.args, **more: Asked.kwargs
) -> Value | None:
    """Runs a step; what goes wrong is logged, and the claim runs out."""
    try:
        return work(*asked, **more)
    except Exception:  # a thread that ends would be missed by nobody
        logger.exception("the queue cannot be worked on; it is tried again")
        connection.close()
        time.sleep(LOOK_S)
    return None
