"""Processes end at the worst moment, and every picture is answered exactly once.

The service stands still while the pictures are sent, so that some of them are certainly
being worked on when a process is killed or told to stop.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from servers import (
    Running,
    all_ended,
    computations,
    frozen,
    in_state,
    rows,
    running,
    until,
)
from visitor import Visitor

from mimika.service.client import ServiceClient

PICTURES = 12
AT_ONCE = 4  # two workers of the web application, two threads each
LIMIT_S = 60  # a lease, a start of a process and a pause, on a machine that is busy


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """Ends whatever a test has started."""
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def service(stack: ExitStack, tmp_path: Path) -> Running:
    return start_service(stack, tmp_path)


@pytest.fixture
def web(stack: ExitStack, tmp_path: Path, service: Running) -> Running:
    return start_web(stack, tmp_path, service)


@pytest.fixture
def visitor(web: Running) -> Visitor:
    return Visitor(web.address)


def start_service(stack: ExitStack, home: Path, port: str = "0") -> Running:
    service = stack.enter_context(running(home, "serve", "--port", port))()
    until(ServiceClient(service.address).ready)
    return service


def start_web(
    stack: ExitStack, home: Path, service: Running, *arguments: str
) -> Running:
    url = {"MIMIKA_SERVICE_URL": service.address}
    command = ("web", *(arguments or ("--port", "0")))
    return stack.enter_context(running(home, *command, **url))()


def send(visitor: Visitor, photograph: Path, home: Path, begun: int = AT_ONCE) -> None:
    """Sends the pictures and waits until so many of them are being worked on."""
    visitor.send([photograph] * PICTURES)
    until(lambda: in_state(home, "running") == begun)


def being_worked_on(home: Path) -> set[str]:
    """The ids of the analyses that a worker has taken and not finished."""
    query = "SELECT id FROM analyses_analysis WHERE state = 'running'"
    return {number for (number,) in rows(home, query)}


def check_all_once(home: Path) -> None:
    """Every picture gets its answer, one face each, and counts once."""
    until(lambda: in_state(home, "done") == PICTURES, LIMIT_S)
    assert computations(home) == PICTURES
    faces = rows(home, "SELECT analysis_id, number FROM analyses_face")
    assert len(faces) == len({analysis for analysis, _ in faces}) == PICTURES
    assert rows(home, "SELECT count(*) FROM analyses_analysis") == [(PICTURES,)]
    assert len(list((home / "media" / "analyses").iterdir())) == PICTURES


def test_a_worker_of_the_web_application_is_killed(
    service: Running, web: Running, visitor: Visitor, photograph: Path, tmp_path: Path
) -> None:
    with frozen(service.family()):
        send(visitor, photograph, tmp_path)
        begun = being_worked_on(tmp_path)
        victim = web.children()[0]
        victim.kill()
        assert all_ended([victim])
        # two of them by nobody; the next worker may have begun others by now
        assert being_worked_on(tmp_path) >= begun
    check_all_once(tmp_path)
    again = rows(tmp_path, "SELECT count(*) FROM analyses_analysis WHERE attempts > 1")
    assert again == [(2,)]
    assert len(web.children()) == 2


def test_the_service_is_killed_and_started_again(
    stack: ExitStack,
    service: Running,
    visitor: Visitor,
    photograph: Path,
    tmp_path: Path,
) -> None:
    with frozen(service.family()):
        send(visitor, photograph, tmp_path)
        service.kill()
    until(lambda: in_state(tmp_path, "running") == 0)
    problems = rows(tmp_path, "SELECT DISTINCT problem FROM analyses_analysis")
    assert any("is not running at the moment" in problem for (problem,) in problems)
    start_service(stack, tmp_path, service.port)
    check_all_once(tmp_path)


def test_the_whole_web_application_is_killed_and_started_again(
    stack: ExitStack,
    service: Running,
    web: Running,
    visitor: Visitor,
    photograph: Path,
    tmp_path: Path,
) -> None:
    with frozen(service.family()):
        send(visitor, photograph, tmp_path)
        web.kill()
    again = start_web(stack, tmp_path, service, "--port", web.port)
    check_all_once(tmp_path)
    assert again.address == web.address
    assert "12 results" in visitor.get("/analyses/").text  # the cookie holds too


def test_a_dispatcher_beside_the_web_application_is_killed(
    stack: ExitStack,
    service: Running,
    web: Running,
    visitor: Visitor,
    photograph: Path,
    tmp_path: Path,
) -> None:
    dispatcher = start_web(stack, tmp_path, service, "dispatch", "--threads", "3")
    with frozen(service.family()):
        send(visitor, photograph, tmp_path, AT_ONCE + 3)
        dispatcher.kill()
    check_all_once(tmp_path)


def test_everything_is_killed_and_a_dispatcher_alone_finishes_it(
    stack: ExitStack,
    service: Running,
    web: Running,
    visitor: Visitor,
    photograph: Path,
    tmp_path: Path,
) -> None:
    with frozen(service.family()):
        send(visitor, photograph, tmp_path)
        web.kill()
        service.kill()
    start_service(stack, tmp_path, service.port)
    dispatcher = start_web(stack, tmp_path, service, "dispatch")
    check_all_once(tmp_path)
    assert dispatcher.stop() == 0


def test_told_to_stop_the_web_application_finishes_what_it_has_begun(
    service: Running, web: Running, visitor: Visitor, photograph: Path, tmp_path: Path
) -> None:
    family = web.family()
    with frozen(service.family()):
        send(visitor, photograph, tmp_path)
        web.process.terminate()
    assert web.process.wait(30) == 0
    assert all_ended(family)
    done = in_state(tmp_path, "done")
    assert done >= AT_ONCE
    assert in_state(tmp_path, "queued") == PICTURES - done
    assert computations(tmp_path) == done
    assert "Traceback" not in web.errors.read_text()


def test_told_to_stop_the_web_application_gives_back_what_takes_too_long(
    stack: ExitStack,
    service: Running,
    web: Running,
    visitor: Visitor,
    photograph: Path,
    tmp_path: Path,
) -> None:
    family = web.family()
    with frozen(service.family()):
        send(visitor, photograph, tmp_path)
        assert web.stop() == 0
        assert all_ended(family)
        assert in_state(tmp_path, "queued") == PICTURES
    start_web(stack, tmp_path, service)
    check_all_once(tmp_path)
