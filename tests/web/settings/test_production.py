"""The settings of `mimika web --production`, each time in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

KEY = "0123456789abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH"
HOST = "mimika.example"
COMPLETE = {"MIMIKA_SECRET_KEY": KEY, "MIMIKA_ALLOWED_HOSTS": HOST}
SHOW = """
import json, sys
from django.conf import settings
names = sys.argv[1].split(",")
print(json.dumps({name: getattr(settings, name) for name in names}, default=str))
"""
START = "from mimika.cli.main import main; main(['web', '--production', '--port', '0'])"
# What one request is answered with, through all middleware.
ASK = """
import sys
from mimika.web.server import prepare
prepare(production=True)
from django.test import Client
path, forwarded = sys.argv[1:]
headers = {"HTTP_X_FORWARDED_PROTO": forwarded} if forwarded else {}
answer = Client(HTTP_HOST="mimika.example").get(path, **headers)
print(answer.status_code, answer.headers.get("Location", ""))
print(answer.headers.get("Strict-Transport-Security", ""))
"""


def run(
    home: Path, *arguments: str, **environ: str
) -> "subprocess.CompletedProcess[str]":
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("MIMIKA_", "DJANGO_", "DATABASE_"))
    }
    return subprocess.run(
        [sys.executable, *arguments],
        env={
            **inherited,
            "DJANGO_SETTINGS_MODULE": "mimika.web.settings.production",
            "MIMIKA_HOME": str(home),
            **environ,
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def settings_of(home: Path, *names: str, **environ: str) -> dict[str, Any]:
    done = run(home, "-c", SHOW, ",".join(names), **{**COMPLETE, **environ})
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def asked(home: Path, path: str, forwarded: str = "") -> list[str]:
    """Status and target of an answer, and for how long the browser keeps to https."""
    done = run(home, "-c", ASK, path, forwarded, **COMPLETE)
    assert done.returncode == 0, done.stderr
    first, second = done.stdout.split("\n")[:2]
    return [first.strip(), second]


@pytest.mark.parametrize(
    ("changed", "cause"),
    [
        ({"MIMIKA_SECRET_KEY": ""}, "MIMIKA_SECRET_KEY is not set; give it"),
        ({"MIMIKA_SECRET_KEY": "short"}, "MIMIKA_SECRET_KEY has 5 characters"),
        ({"MIMIKA_SECRET_KEY": "a" * 60}, "MIMIKA_SECRET_KEY has 60 characters, 1"),
        ({"MIMIKA_ALLOWED_HOSTS": ""}, "MIMIKA_ALLOWED_HOSTS is not set; name"),
        ({"MIMIKA_ALLOWED_HOSTS": " , "}, "MIMIKA_ALLOWED_HOSTS is not set; name"),
    ],
)
def test_it_does_not_start_without_what_cannot_be_guessed(
    changed: dict[str, str], cause: str, tmp_path: Path
) -> None:
    done = run(tmp_path, "-c", START, **{**COMPLETE, **changed})
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"Error: the web application cannot start: {cause}")
    assert not (tmp_path / "secret_key").exists()
    assert not (tmp_path / "db.sqlite3").exists()


def test_django_finds_nothing_to_improve(tmp_path: Path) -> None:
    arguments = ("-m", "django", "check", "--deploy", "--fail-level", "WARNING")
    done = run(tmp_path, *arguments, **COMPLETE)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_the_key_may_lie_in_a_file_and_none_is_made_up(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(f"{KEY}\n")
    environ = {"MIMIKA_SECRET_KEY_FILE": str(tmp_path / "key")}
    done = run(
        tmp_path,
        *("-c", SHOW, "SECRET_KEY,ALLOWED_HOSTS,DEBUG"),
        **environ,
        MIMIKA_ALLOWED_HOSTS=HOST,
    )
    found = json.loads(done.stdout)
    assert found == {"SECRET_KEY": KEY, "ALLOWED_HOSTS": [HOST], "DEBUG": False}
    assert not (tmp_path / "secret_key").exists()


def test_nothing_that_would_weaken_it_is_taken_from_the_environment(
    tmp_path: Path,
) -> None:
    names = (
        *("DEBUG", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE"),
        *("SECURE_SSL_REDIRECT", "BEHIND_PROXY"),
    )
    weaker = {"MIMIKA_DEBUG": "1", "MIMIKA_HTTPS": "0", "MIMIKA_PROXY": "0"}
    found = settings_of(tmp_path, *names, **weaker)
    assert found == {**dict.fromkeys(names, True), "DEBUG": False}


def test_http_is_led_to_https(tmp_path: Path) -> None:
    answer, _ = asked(tmp_path, "/accounts/login/?next=/analyses/")
    assert answer == "301 https://mimika.example/accounts/login/?next=/analyses/"


def test_what_came_by_https_to_the_proxy_is_answered(tmp_path: Path) -> None:
    assert asked(tmp_path, "/accounts/login/", "https") == ["200", "max-age=31536000"]


def test_containers_may_ask_for_health_without_https(tmp_path: Path) -> None:
    assert asked(tmp_path, "/healthz/") == ["200", ""]
