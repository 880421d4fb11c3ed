"""The images of `deploy/`, built and run as they are: no engine needed, but root."""

import json
import re
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from container_images import ROOT, Images, missing

from mimika.core.results import Analysis
from mimika.runtime.samples import SAMPLE_FILE

MOST_MB = 400
ASK = """
import sys, requests
print(requests.post(sys.argv[1], files={"file": open(sys.argv[2], "rb")}).text)
"""
READ = """
import sys, requests
answer = requests.get(sys.argv[1])
print(answer.status_code, answer.text)
"""


def eventually(holds: Callable[[], bool], within_s: float) -> bool:
    end = time.monotonic() + within_s
    while not (found := holds()) and time.monotonic() < end:
        time.sleep(0.2)
    return found


@pytest.mark.skipif(bool(missing()), reason=f"lacks {', '.join(missing())}")
def test_both_images_are_small_and_work_as_they_are_started(tmp_path: Path) -> None:
    images = Images(tmp_path / "images")
    for name in ("service", "web"):
        images.build(name)
        assert images.megabytes(name) <= MOST_MB
        config = images.config(name)
        assert config["User"] == "10001:10001"
        assert config["Labels"]["org.opencontainers.image.title"].startswith("mimika")
        assert list(config["Volumes"]) == ["/var/lib/mimika"]
    check_service(images)
    check_web(images)
    images.remove()


def check_service(images: Images) -> None:
    with images.started("service", {"MIMIKA_SERVICE_WORKERS": "1"}) as service:
        assert not service.is_well()  # no worker is ready yet
        assert eventually(service.is_well, 30)
        answer = service.ask(ASK, "http://127.0.0.1:8100/v1/analyze", str(SAMPLE_FILE))
        (face,) = Analysis.model_validate_json(answer).faces
        assert face.label == "happy"
        service.process.terminate()
        assert service.process.wait(15) == 0


def check_web(images: Images) -> None:
    with images.started("web", {}) as web:
        assert eventually(web.is_well, 40)
        page = web.ask(READ, "http://127.0.0.1:8000/")
        assert page.startswith("200 <!doctype html>")
        style = re.findall(r'href="(/static/[^"]+\.css)"', page)[0]
        assert web.ask(READ, f"http://127.0.0.1:8000{style}").startswith("200 ")
        web.process.terminate()
        assert web.process.wait(15) == 0


def test_compose_names_files_and_settings_that_exist() -> None:
    text = (ROOT / "deploy/compose.yaml").read_text(encoding="utf-8")
    services = yaml.safe_load(text)["services"]
    built = {name: s["build"] for name, s in services.items() if "build" in s}
    assert set(built) == {"service", "web"}
    for build in built.values():
        assert (ROOT / "deploy" / build["context"] / build["dockerfile"]).is_file()
    example = (ROOT / "deploy/example.env").read_text(encoding="utf-8")
    for name in re.findall(r"\$\{(\w+)", text):
        assert re.search(rf"^{name}=", example, re.MULTILINE), name
    documented = "".join(
        (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8") for name in built
    )
    for service in built:
        for name in services[service]["environment"]:
            assert f"`{name}`" in documented, name


def test_the_images_are_made_of_what_is_pinned() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = extras["project"]["optional-dependencies"]
    ignored = json.dumps((ROOT / ".dockerignore").read_text(encoding="utf-8"))
    for name, extra in (("service", "serve"), ("web", "web")):
        lines = (ROOT / f"deploy/{name}.Dockerfile").read_text(encoding="utf-8")
        assert extra in extras
        assert f'".[{extra}]"' in lines
        installs = re.findall(r"^RUN pip install (.*)$", lines, re.MULTILINE)
        assert all("--constraint requirements.txt" in words for words in installs)
        copied = re.findall(r"^COPY (?!--from)(.*) \S+$", lines, re.MULTILINE)
        for path in " ".join(copied).split():
            assert (ROOT / path).exists()
            assert f"!{path}" in ignored
