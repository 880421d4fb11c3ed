import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

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


# Beside the pages


def run(home: Path, *arguments: str, **environ: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of `mimika web` in a process of its own."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("MIMIKA_", "DJANGO_", "DATABASE_"))
    }
    done = subprocess.run(
        [sys.executable, "-m", "mimika", "web", *arguments],
        env={**inherited, "MIMIKA_HOME": str(home), **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("name", ["clean", "dispatch"])
def test_what_is_done_beside_the_pages_explains_itself(name: str) -> None:
    shown = CliRunner().invoke(cli, ["web", name, "--help"])
    assert shown.exit_code == 0
    assert f"mimika web {name}" in shown.output.replace("cli web", "mimika web")


@pytest.mark.parametrize(
    "wrong",
    [
        ["clean", "--older-than", "0"],
        ["clean", "--older-than", "x"],
        ["dispatch", "--threads", "0"],
        ["dispatch", "extra"],
    ],
)
def test_a_wrong_call_beside_the_pages_exits_with_2(
    wrong: list[str], tmp_path: Path
) -> None:
    code, out, err = run(tmp_path, *wrong)
    assert (code, out) == (2, "")
    assert "Usage" in err
    assert not (tmp_path / "db.sqlite3").exists()


def test_cleaning_with_a_database_that_is_not_ours_removes_nothing(
    tmp_path: Path,
) -> None:
    picture = tmp_path / "media" / "analyses" / "an-old-one" / "original.jpg"
    picture.parent.mkdir(parents=True)
    picture.write_bytes(b"picture")
    os.utime(picture.parent, (0, 0))
    code, out, err = run(tmp_path, "clean", DATABASE_URL=f"sqlite:///{tmp_path}/other")
    assert (code, out) == (1, "")
    (line,) = err.splitlines()
    assert line.startswith("Error: nothing can be cleaned: no such table")
    assert "check DATABASE_URL" in line
    assert picture.exists()


def test_a_number_of_days_that_is_none_is_one_clear_line(tmp_path: Path) -> None:
    code, out, err = run(tmp_path, "clean", MIMIKA_KEEP_DAYS="soon")
    assert (code, out) == (1, "")
    (line,) = err.splitlines()
    assert line.startswith("Error: the web application cannot start: MIMIKA_KEEP_DAYS")
