"""The settings of `mimika web`, each time in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SHOW = """
import json, sys
from django.conf import settings
names = sys.argv[1].split(",")
print(json.dumps({name: getattr(settings, name) for name in names}, default=str))
"""

WEB = "from mimika.cli.main import main; main(['web', '--port', '0'])"


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
            "DJANGO_SETTINGS_MODULE": "mimika.web.settings.local",
            "MIMIKA_HOME": str(home),
            **environ,
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def settings_of(home: Path, *names: str, **environ: str) -> dict[str, Any]:
    done = run(home, "-c", SHOW, ",".join(names), **environ)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_without_any_variable_everything_lies_in_the_state_folder(
    tmp_path: Path,
) -> None:
    names = ("SECRET_KEY", "DATABASES", "DEBUG", "ALLOWED_HOSTS", "MEDIA_ROOT")
    found = settings_of(tmp_path, *names)
    assert found["SECRET_KEY"] == (tmp_path / "secret_key").read_text().strip()
    assert found["DATABASES"]["default"]["NAME"] == str(tmp_path / "db.sqlite3")
    assert found["DEBUG"] is False
    assert found["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]
    assert found["MEDIA_ROOT"] == str(tmp_path / "media")


def test_the_environment_decides(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("from a file\n")
    found = settings_of(
        tmp_path,
        "SECRET_KEY",
        "DATABASES",
        "ALLOWED_HOSTS",
        "CSRF_TRUSTED_ORIGINS",
        "MIMIKA_SERVICE_URL",
        MIMIKA_SECRET_KEY_FILE=str(tmp_path / "key"),
        DATABASE_URL="postgres://ada:secret@db.example:5433/mimika",
        MIMIKA_ALLOWED_HOSTS="mimika.example, localhost,",
        MIMIKA_TRUSTED_ORIGINS="https://mimika.example",
        MIMIKA_SERVICE_URL="http://service.example:9000",
    )
    database = found["DATABASES"]["default"]
    assert found["SECRET_KEY"].startswith("from a")
    assert not found["SECRET_KEY"].endswith("\n")
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert (database["HOST"], database["PORT"]) == ("db.example", 5433)
    assert found["ALLOWED_HOSTS"] == ["mimika.example", "localhost"]
    assert found["CSRF_TRUSTED_ORIGINS"] == ["https://mimika.example"]
    assert found["MIMIKA_SERVICE_URL"] == "http://service.example:9000"
    assert not (tmp_path / "secret_key").exists()


def test_mails_limits_and_proxy_come_from_the_environment(tmp_path: Path) -> None:
    names = (
        "EMAIL_HOST",
        "DEFAULT_FROM_EMAIL",
        "BEHIND_PROXY",
        "THROTTLES_PER_HOUR",
    )
    found = settings_of(
        tmp_path,
        *names,
        EMAIL_URL="smtp://mail.example:25",
        MIMIKA_EMAIL_FROM="mimika@mimika.example",
        MIMIKA_PROXY="true",
        MIMIKA_UPLOADS_PER_HOUR="7",
    )
    assert found["EMAIL_HOST"] == "mail.example"
    assert found["DEFAULT_FROM_EMAIL"] == "mimika@mimika.example"
    assert found["BEHIND_PROXY"] is True
    assert found["THROTTLES_PER_HOUR"]["uploads"] == 7
    assert found["THROTTLES_PER_HOUR"]["sign_in_by_name"] == 10


@pytest.mark.parametrize(("https", "believed"), [("true", True), ("false", False)])
def test_the_address_from_a_proxy_is_believed_with_https(
    https: str, believed: bool, tmp_path: Path
) -> None:
    found = settings_of(tmp_path, "BEHIND_PROXY", MIMIKA_HTTPS=https)
    assert found["BEHIND_PROXY"] is believed


def test_behind_https_django_finds_nothing_to_improve(tmp_path: Path) -> None:
    arguments = ("-m", "django", "check", "--deploy", "--fail-level", "WARNING")
    done = run(tmp_path, *arguments, MIMIKA_HTTPS="true")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("variable", "value", "cause"),
    [
        ("DATABASE_URL", "nosuch://x", "'nosuch' isn't an available database"),
        ("DATABASE_URL", "sqlite:////nowhere/at/all", "unable to open database file"),
        ("MIMIKA_DEBUG", "perhaps", "MIMIKA_DEBUG is 'perhaps'"),
        ("EMAIL_URL", "post://x", "EMAIL_URL cannot be read"),
        ("MIMIKA_UPLOADS_PER_HOUR", "0", "MIMIKA_UPLOADS_PER_HOUR is '0'"),
    ],
)
def test_a_setting_that_cannot_be_used_is_one_clear_line(
    variable: str, value: str, cause: str, tmp_path: Path
) -> None:
    done = run(tmp_path, "-c", WEB, **{variable: value})
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"Error: the web application cannot start: {cause}")


def test_a_state_folder_that_cannot_be_written_is_one_clear_line(
    tmp_path: Path,
) -> None:
    (tmp_path / "file").write_text("in the way")
    done = run(tmp_path / "file" / "home", "-c", WEB)
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("Error: cannot write to the state folder")
