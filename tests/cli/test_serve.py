from pathlib import Path

import pytest
from click.testing import CliRunner

from mimika.cli.main import cli, main
from mimika.core.listening import listen
from mimika.service.settings import ServiceSettings


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ServiceSettings.model_fields:
        monkeypatch.delenv(f"MIMIKA_SERVICE_{name.upper()}", raising=False)
    monkeypatch.setenv("MIMIKA_HOME", str(tmp_path))
    monkeypatch.setattr("mimika.service.server.configure_logging", lambda *_: None)
    return tmp_path


def exit_code(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return int(ended.value.code or 0)


def test_help_shows_an_example() -> None:
    shown = CliRunner().invoke(cli, ["serve", "--help"])
    assert shown.exit_code == 0
    assert "\n    mimika serve --port 8100\n" in shown.output


def test_a_taken_port_is_one_clear_line(capsys: pytest.CaptureFixture[str]) -> None:
    with listen("127.0.0.1", 0) as taken:
        port = str(taken.getsockname()[1])
        assert exit_code("serve", "--port", port) == 1
    said = capsys.readouterr()
    assert said.out == ""
    (line,) = said.err.splitlines()
    assert line.startswith(f"Error: cannot listen on 127.0.0.1 port {port}")
    assert "another port" in line


def test_an_impossible_setting_is_one_clear_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MIMIKA_SERVICE_WORKERS", "many")
    assert exit_code("serve") == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("Error: MIMIKA_SERVICE_WORKERS is 'many'")


@pytest.mark.parametrize("wrong", [["--port", "70000"], ["--workers", "0"], ["extra"]])
def test_a_wrong_call_exits_with_2(
    wrong: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code("serve", *wrong) == 2
    assert "Usage" in capsys.readouterr().err
