import signal
from collections.abc import Iterator

import pytest
from click.testing import CliRunner

from mimika.cli.main import cli, main
from mimika.core.listening import listen


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    """Puts back what the command sets for signals."""
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


def test_help_shows_an_example_and_the_defaults() -> None:
    shown = CliRunner().invoke(cli, ["web", "--help"])
    assert shown.exit_code == 0
    assert "mimika web --port 8000" in shown.output
    assert "MIMIKA_HOME" in shown.output
    assert "[default: 127.0.0.1]" in shown.output


def test_a_taken_port_is_one_clear_line(capsys: pytest.CaptureFixture[str]) -> None:
    with listen("127.0.0.1", 0) as taken:
        port = str(taken.getsockname()[1])
        with pytest.raises(SystemExit, match="1"):
            main(["web", "--port", port])
    said = capsys.readouterr()
    assert said.out == ""
    (line,) = said.err.splitlines()
    assert line.startswith(f"Error: cannot listen on 127.0.0.1 port {port}")


@pytest.mark.parametrize("wrong", [["--port", "70000"], ["--wrong"], ["extra"]])
def test_a_wrong_call_exits_with_2(
    wrong: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["web", *wrong])
    assert "Usage" in capsys.readouterr().err
