"""The group of commands."""

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from mimika.cli.main import COMMANDS, cli, main
from mimika.core.errors import DataError

PORTS = {"demo": 8200, "serve": 8100}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name):
    result = CliRunner().invoke(cli, [name, "--help"])
    assert result.exit_code == 0, result.output
    assert f"mimika {name}" in result.output
    assert "Example" in result.output


@pytest.mark.parametrize("name", COMMANDS)
def test_the_table_names_each_command_as_it_names_itself(name):
    with click.Context(cli) as context:
        assert cli.get_command(context, name).name == name


def test_the_demo_has_another_port_than_the_service():
    helps = [CliRunner().invoke(cli, [name, "--help"]).output for name in PORTS]
    for output, port in zip(helps, PORTS.values(), strict=True):
        assert f"default: {port}" in output


def test_help_lists_every_command():
    output = CliRunner().invoke(cli, ["--help"]).output
    assert all(
        name in output and line in output for name, (_, _, line) in COMMANDS.items()
    )


def code_of(argv):
    with pytest.raises(SystemExit) as caught:
        main(argv)
    return caught.value.code


def test_a_wrong_call_exits_with_2(capsys):
    assert code_of(["train"]) == 2
    assert code_of(["nothing"]) == 2
    assert "No such command 'nothing'" in capsys.readouterr().err


def test_an_error_of_ours_is_one_line_without_a_traceback(monkeypatch, capsys):
    def fail(*_args, **_kwargs):
        raise DataError("train.csv, line 3: 2303 pixels")

    monkeypatch.setattr(cli, "main", fail)
    assert code_of([]) == 1
    assert capsys.readouterr().err == "Error: train.csv, line 3: 2303 pixels\n"


def test_a_full_disk_is_one_line_without_a_traceback(monkeypatch, capsys):
    def fail(*_args, **_kwargs):
        raise OSError(28, "No space left on device", "marked/a.jpg")

    monkeypatch.setattr(cli, "main", fail)
    assert code_of([]) == 1
    error = "Error: [Errno 28] No space left on device: 'marked/a.jpg'\n"
    assert capsys.readouterr().err == error


def test_a_reader_that_goes_away_ends_it_without_a_word():
    program = "from mimika.cli.main import main; main(['--help'])"
    run = subprocess.Popen(
        [sys.executable, "-c", f"input(); {program}"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    run.stdout.close()
    _, errors = run.communicate(b"\n")
    assert run.returncode == 1
    assert errors == b""


def test_ctrl_c_ends_without_a_traceback(monkeypatch, capsys):
    def stop(*_args, **_kwargs):
        raise click.Abort

    monkeypatch.setattr(cli, "main", stop)
    assert code_of([]) == 1
    assert "Stopped" in capsys.readouterr().err


def test_a_missing_extra_says_how_to_install_it():
    program = (
        "import sys; sys.modules['torch'] = None\n"
        "from mimika.cli.main import main; main(['train', 'x.toml'])"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert run.returncode == 1
    assert 'pip install "mimika[train]"' in run.stderr
    assert "Traceback" not in run.stderr
