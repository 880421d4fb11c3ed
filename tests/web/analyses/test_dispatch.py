"""The way from the queue to the service and back."""

import logging
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from mimika.core.errors import (
    BrokenImageError,
    ImageTooLargeError,
    MimikaError,
    ServiceBusyError,
    ServiceError,
    ServiceKeyError,
    ServiceTimeoutError,
    ServiceUnavailableError,
    WorkerCrashedError,
)
from mimika.web.accounts.models import User
from mimika.web.analyses import files, states
from mimika.web.analyses.dispatch import Dispatcher, process, wake
from mimika.web.analyses.models import Analysis, State
from mimika.web.analyses.service import ClientTwin


def begin(analysis: Analysis) -> Analysis:
    """Processes it, whenever it is due."""
    Analysis.objects.filter(pk=analysis.pk).update(due=analysis.created)
    claimed = states.claim_next()
    assert claimed is not None
    process(claimed)
    analysis.refresh_from_db()
    return analysis


def test_the_service_gets_the_kept_picture_and_what_was_chosen(
    waiting: Analysis, twin: ClientTwin
) -> None:
    Analysis.objects.update(faces_mode="whole", detail="fast")
    assert begin(waiting).is_done
    (call,) = twin.received
    assert call.data == files.path_of(waiting.pk, "original").read_bytes()
    assert (call.faces, call.detail) == ("whole", "fast")
    assert call.request_id == waiting.request_id
    assert len(waiting.request_id) == 32


@pytest.mark.parametrize(
    "error",
    [
        ServiceUnavailableError("closed port"),
        ServiceBusyError("full", 7),
        ServiceKeyError("another key"),
        ServiceError("something else"),
    ],
)
def test_what_passes_is_waited_for_however_long(
    error: MimikaError, waiting: Analysis, twin: ClientTwin, alice: User
) -> None:
    answer, twin.answer = twin.answer, error
    for attempt in range(1, 8):
        assert begin(waiting).state == State.QUEUED
        assert waiting.attempts == attempt
        assert waiting.problem
    twin.answer = answer
    assert begin(waiting).is_done
    assert waiting.problem == ""
    alice.refresh_from_db()
    assert alice.computations == 1


def test_a_busy_service_is_left_alone_as_long_as_it_asks(
    waiting: Analysis, twin: ClientTwin
) -> None:
    twin.answer = ServiceBusyError("full", 7)
    began = begin(waiting).began
    assert began is not None
    assert 7 <= (waiting.due - began).total_seconds() < 9


@pytest.mark.parametrize(
    "error",
    [WorkerCrashedError("pid 4"), ServiceTimeoutError("30 s"), ZeroDivisionError()],
)
def test_a_picture_that_breaks_the_service_is_given_up(
    error: Exception,
    waiting: Analysis,
    twin: ClientTwin,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def analyze(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(twin, "analyze", analyze)
    found = [begin(waiting).state for _ in range(states.MOST_CRASHES)]
    assert found == [State.QUEUED] * (states.MOST_CRASHES - 1) + [State.FAILED]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (BrokenImageError("zlib -3"), "damaged or cut short"),
        (ImageTooLargeError("the file has 16 MB"), "The file has 16 MB."),
    ],
)
def test_a_refused_picture_has_failed_with_a_reason(
    error: MimikaError, words: str, waiting: Analysis, twin: ClientTwin, alice: User
) -> None:
    twin.answer = error
    assert begin(waiting).state == State.FAILED
    assert words in waiting.problem
    alice.refresh_from_db()
    assert alice.computations == 0


def test_a_picture_whose_file_is_gone_has_failed(
    waiting: Analysis, twin: ClientTwin
) -> None:
    files.remove([waiting.pk])
    assert begin(waiting).state == State.FAILED
    assert "Send it again" in waiting.problem
    assert twin.received == []


def test_the_log_names_person_analysis_and_time(
    waiting: Analysis, alice: User, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "mimika.web.analyses.dispatch"):
        begin(waiting)
    begins, done = (record.getMessage() for record in caplog.records)
    named = f"analysis {waiting.pk} of person {alice.pk}"
    assert begins == f"{named} begins"
    assert done.startswith(f"{named} done in ")
    assert done.endswith(" ms: 1 faces")


def test_the_log_says_what_failed_and_after_how_long(
    waiting: Analysis, alice: User, twin: ClientTwin, caplog: pytest.LogCaptureFixture
) -> None:
    twin.answer = BrokenImageError("zlib -3")
    with caplog.at_level(logging.INFO, "mimika.web.analyses.dispatch"):
        begin(waiting)
    failed = caplog.records[-1].getMessage()
    named = f"analysis {waiting.pk} of person {alice.pk}"
    assert failed.startswith(f"{named} failed after ")
    assert failed.endswith(" ms: zlib -3")


@pytest.mark.django_db(transaction=True)
def test_the_threads_work_as_soon_as_they_are_woken(
    waiting: Analysis, media: Path
) -> None:
    dispatcher = Dispatcher(threads=2)
    dispatcher.start()
    try:
        wake()
        wait_until(lambda: Analysis.objects.get().is_done)
    finally:
        dispatcher.stop()


@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_finished_at_the_end_is_given_back(
    waiting: Analysis, twin: ClientTwin, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = twin.answer

    def analyze(*_: object, **__: object) -> object:
        time.sleep(1.0)
        return answer

    monkeypatch.setattr(twin, "analyze", analyze)
    dispatcher = Dispatcher(threads=1)
    dispatcher.start()
    wait_until(lambda: Analysis.objects.get().state == State.RUNNING)
    dispatcher.stop(limit_s=0.1)
    assert Analysis.objects.get().state == State.QUEUED
    dispatcher.stop(limit_s=5)  # the thread itself, which finds its claim gone
    assert Analysis.objects.get().state == State.QUEUED


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)
