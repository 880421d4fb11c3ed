"""`mimika up` starts both servers, watches over them and stops them."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
import requests
from servers import all_ended, environment, running

UP = ("up", "--web-port", "0", "--service-port", "0")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_both(number: signal.Signals, tmp_path: Path) -> None:
    with running(tmp_path, *UP) as ready:
        up = ready()
        assert requests.get(f"{up.address}/accounts/login/", timeout=10).ok
        assert sorted(p.name for p in (tmp_path / "logs").glob("*.log")) == [
            "service.log",
            "web.log",
        ]
        family = up.family()
        assert up.stop(number) == 0
        assert all_ended(family)


def test_a_second_one_keeps_away_from_the_same_state(tmp_path: Path) -> None:
    program = [sys.executable, "-m", "mimika", *UP]
    with running(tmp_path, *UP) as ready:
        up = ready()
        second = subprocess.run(
            program,
            env=environment(tmp_path),
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert second.returncode == 1
        (line,) = second.stderr.splitlines()
        assert line.startswith(
            f"Error: another 'mimika up' runs on the state folder {tmp_path}"
        )
        assert requests.get(f"{up.address}/accounts/login/", timeout=10).ok
    with running(tmp_path, *UP) as ready:
        assert ready().address


@pytest.mark.parametrize("victim", ["serve", "web"])
def test_it_ends_with_1_when_one_of_the_two_dies(victim: str, tmp_path: Path) -> None:
    with running(tmp_path, *UP) as ready:
        up = ready()
        family = up.family()
        (target,) = (
            child
            for child in psutil.Process(up.process.pid).children()
            if victim in child.cmdline()
        )
        target.kill()
        assert up.process.wait(30) == 1
        assert all_ended(family)
        assert "Error: the " in up.errors.read_text()
        assert "has ended by itself" in up.errors.read_text()


def test_stopped_while_it_starts_it_leaves_nothing(tmp_path: Path) -> None:
    with running(tmp_path, *UP) as ready:
        del ready
        (process,) = (
            child
            for child in psutil.Process().children()
            if "up" in child.cmdline() and str(tmp_path) in str(child.environ())
        )
        while len(family := [process, *process.children(recursive=True)]) < 3:
            time.sleep(0.02)
        process.terminate()
        assert process.wait(30) == 0
        assert all_ended(family)
