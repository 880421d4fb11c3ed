"""The web application as the world outside reaches it, and `clean` beside it."""

import os
import subprocess
import sys
from pathlib import Path

import requests
from servers import all_ended, computations, environment, in_state, running, until
from visitor import Visitor

from mimika.service.client import ServiceClient

HOST = "mimika.example"
COMPLETE = {
    "MIMIKA_SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH",
    "MIMIKA_ALLOWED_HOSTS": f"{HOST}, localhost",
}


def ask(address: str, path: str, **headers: str) -> requests.Response:
    """An answer, as the proxy gets it."""
    headers = {"Host": HOST, **headers}
    url = f"{address}{path}"
    return requests.get(url, headers=headers, allow_redirects=False, timeout=30)


def test_behind_a_proxy_it_answers_https_and_leads_everything_else_there(
    tmp_path: Path,
) -> None:
    with running(tmp_path, "web", "--production", "--port", "0", **COMPLETE) as ready:
        web = ready()
        health = ask(web.address, "/healthz/", Host="localhost")
        assert (health.status_code, health.text) == (200, "ok\n")
        led = ask(web.address, "/accounts/login/")
        target = f"https://{HOST}/accounts/login/"
        assert (led.status_code, led.headers["Location"]) == (301, target)
        https = {"X-Forwarded-Proto": "https"}
        page = ask(web.address, "/accounts/login/", **https)
        assert page.status_code == 200
        assert "secure" in page.headers["Set-Cookie"].lower()
        stranger = ask(web.address, "/accounts/login/", **https, Host="other.example")
        assert stranger.status_code == 400
        assert not (tmp_path / "secret_key").exists()
        family = web.family()
        assert web.stop() == 0
        assert all_ended(family)


def clean(home: Path, *arguments: str) -> list[str]:
    """What `mimika web clean` prints."""
    run = subprocess.run(
        [sys.executable, "-m", "mimika", "web", "clean", *arguments],
        env=environment(home),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.splitlines()


def make_orphan(home: Path) -> Path:
    """A folder with a picture whose row was never stored, two hours old."""
    folder = home / "media" / "analyses" / "0b0c7ba1-93a5-4a0f-8d5b-5c3d3f1f2a11"
    folder.mkdir(parents=True)
    (folder / "original.jpg").write_bytes(b"picture")
    two_hours_ago = folder.stat().st_mtime - 7200
    os.utime(folder, (two_hours_ago, two_hours_ago))
    return folder


def test_cleaning_beside_the_servers_removes_only_what_nobody_needs(
    photograph: Path, tmp_path: Path
) -> None:
    with running(tmp_path, "serve", "--port", "0", "--workers", "1") as started:
        service = started()
        url = {"MIMIKA_SERVICE_URL": service.address}
        with running(tmp_path, "web", "--port", "0", **url) as ready:
            visitor = Visitor(ready().address)
            until(ServiceClient(service.address).ready)
            orphan = make_orphan(tmp_path)
            visitor.send([photograph] * 8)
            assert clean(tmp_path, "--older-than", "1") == [
                "pictures without a result: 1",
                "results that were kept long enough: 0",
                "limits that are over: 0",
            ]
            assert not orphan.exists()
            until(lambda: in_state(tmp_path, "done") == 8)
            assert computations(tmp_path) == 8
            assert "8 results" in visitor.get("/analyses/").text
            assert clean(tmp_path)[0] == "pictures without a result: 0"
