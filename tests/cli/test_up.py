import queue
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from mimika.cli.main import cli, main
from mimika.cli.up import (
    SERVICE,
    WEB,
    Event,
    Events,
    Process,
    Stopped,
    free_port,
    handle,
    wait_until_ready,
)
from mimika.core.errors import ServiceError
from mimika.core.listening import listen
from mimika.service.client import ServiceClient


class Slow(ServiceClient):
    """Is ready when it is asked for the third time."""

    def __init__(self) -> None:
        super().__init__("http://nobody.example")
        self.asked = 0

    def ready(self) -> bool:
        self.asked += 1
        return self.asked >= 3


def events_of(*events: Event) -> Events:
    waiting: Events = queue.SimpleQueue()
    for event in events:
        waiting.put(event)
    return waiting


def test_help_shows_an_example_and_the_ports() -> None:
    shown = CliRunner().invoke(cli, ["up", "--help"])
    assert shown.exit_code == 0
    assert "MIMIKA_HOME=./var mimika up" in shown.output
    assert "[default: 8000;" in shown.output
    assert "[default: 8100;" in shown.output


@pytest.mark.parametrize("wrong", [["--web-port", "-1"], ["--port", "1"], ["extra"]])
def test_a_wrong_call_exits_with_2(
    wrong: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["up", *wrong])
    assert "Usage" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--web-port", "--service-port"])
def test_a_taken_port_is_one_clear_line_before_anything_starts(
    option: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("MIMIKA_HOME", str(tmp_path))
    other = {"--web-port": "--service-port", "--service-port": "--web-port"}[option]
    with listen("127.0.0.1", 0) as taken:
        port = str(taken.getsockname()[1])
        with pytest.raises(SystemExit, match="1"):
            main(["up", option, port, other, "0"])
    said = capsys.readouterr()
    assert said.out == ""
    (line,) = said.err.splitlines()
    assert line.startswith(f"Error: cannot listen on 127.0.0.1 port {port}")
    assert option in line
    assert not (tmp_path / "db.sqlite3").exists()


def test_a_state_folder_that_cannot_be_written_is_one_clear_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("MIMIKA_HOME", str(tmp_path / "file" / "home"))
    with pytest.raises(SystemExit, match="1"):
        main(["up", "--web-port", "0", "--service-port", "0"])
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("Error: cannot write to the state folder")
    assert "MIMIKA_HOME" in line


def test_it_is_ready_when_the_page_answers_and_the_workers_are_there() -> None:
    client = Slow()
    events = events_of(
        Event(SERVICE, "mimika service: http://127.0.0.1:8100"),
        Event(WEB, "mimika web: http://127.0.0.1:8000"),
    )
    assert wait_until_ready(events, client) == "http://127.0.0.1:8000"
    assert client.asked == 3


def test_a_signal_ends_the_waiting() -> None:
    with pytest.raises(Stopped):
        wait_until_ready(events_of(Event()), Slow())


def test_the_end_of_one_is_said_by_its_name() -> None:
    with pytest.raises(ServiceError, match=r"^the web application has ended by itself"):
        handle(Event(WEB))


def test_other_lines_are_passed_on_to_standard_error(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert handle(Event(SERVICE, "something else")) is None
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "something else\n")


def test_a_free_port_is_kept_or_found_and_a_taken_one_named_with_its_option() -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServiceError, match=f"port {port} .*--web-port"):
            free_port(port, "--web-port")
    assert free_port(port, "--web-port") == port
    assert free_port(0, "--web-port") > 0


def test_a_process_that_ends_by_itself_is_an_event(
    capfd: pytest.CaptureFixture[str],
) -> None:
    events: Events = queue.SimpleQueue()
    process = Process(SERVICE, ("--version",), events)
    line = events.get(timeout=60)
    assert line.name == SERVICE
    assert "version" in (line.line or "")
    assert events.get(timeout=60) == Event(SERVICE)
    process.stop()
    assert process.popen.returncode == 0
    assert sys.executable == process.popen.args[0]  # type: ignore[index]  # a list
