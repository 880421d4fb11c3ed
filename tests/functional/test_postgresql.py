"""The web application on a real PostgreSQL server, where one answers."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

CHECKOUT = Path(__file__).resolve().parents[2]

# What a person does first, through the application's own pages.
REGISTER = """
from mimika.web.server import prepare
prepare()
from django.test import Client
client = Client(HTTP_HOST="localhost")
password = "correct horse battery"
answer = client.post("/accounts/register/", {
    "username": "alice", "email": "alice@example.org",
    "password1": password, "password2": password,
})
assert answer.status_code == 302, answer.content.decode()
assert "alice" in client.get("/").content.decode()
"""


def test_an_account_made_through_the_pages_is_in_postgresql(
    database: str, tmp_path: Path
) -> None:
    environ = {**os.environ, "MIMIKA_HOME": str(tmp_path), "DATABASE_URL": database}
    environ.pop("DJANGO_SETTINGS_MODULE", None)
    run = subprocess.run(
        [sys.executable, "-c", REGISTER],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    with psycopg.connect(database) as connection:
        rows = connection.execute("SELECT username, password FROM accounts_user")
        ((username, password),) = rows.fetchall()
    assert username == "alice"
    assert password.startswith("argon2")
    assert not (tmp_path / "db.sqlite3").exists()


def test_the_whole_web_application_passes_its_tests_on_postgresql(
    database: str,
) -> None:
    environ = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    # The tests' own database is kept, so that it can be asked, and dropped below.
    arguments = ("tests/web", "-q", "-p", "no:cacheprovider", "--reuse-db")
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *arguments],
        cwd=CHECKOUT,
        env={**environ, "MIMIKA_TEST_DATABASE_URL": database},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-8000:] + run.stderr[-2000:]
    name = f"test_{urlsplit(database).path.removeprefix('/')}"
    theirs = urlunsplit(urlsplit(database)._replace(path=f"/{name}"))
    with psycopg.connect(theirs) as connection:
        connection.execute("SELECT 1 FROM analyses_analysis")  # they were really there
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}"')
