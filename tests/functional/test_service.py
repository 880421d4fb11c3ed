"""A real `mimika serve`: its own process, its own workers, its own model."""

import io
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil
import pytest
import requests
import schemathesis_hooks
from hostile_pictures import png
from PIL import Image
from servers import frozen, has_ended, until

from mimika.core.errors import InputError, ServiceBusyError, ServiceTimeoutError
from mimika.core.results import Analysis, Box
from mimika.service.client import ServiceClient


@dataclass(frozen=True)
class Service:
    """A running service."""

    process: subprocess.Popen[str]
    address: str
    home: Path

    @property
    def client(self) -> ServiceClient:
        return ServiceClient(self.address, retries=0)

    def workers(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def gauge(self, name: str) -> int:
        text = requests.get(self.address + "/metrics", timeout=5).text
        return int(float(re.findall(rf"^mimika_{name} (.+)$", text, re.MULTILINE)[0]))

    def output(self) -> IO[str]:
        assert self.process.stdout is not None
        return self.process.stdout

    def log(self) -> str:
        return (self.home / "logs" / "service.log").read_text(encoding="utf-8")


@contextmanager
def serving(home: Path, **settings: str) -> Iterator[Service]:
    variables = {f"MIMIKA_SERVICE_{k.upper()}": v for k, v in settings.items()}
    process = subprocess.Popen(
        _command(),
        env={**os.environ, "MIMIKA_HOME": str(home), **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            match = re.fullmatch(r"mimika service: (http://127\.0\.0\.1:\d+)\n", line)
            assert match is not None, line
            service = Service(process, match[1], home)
            until(service.client.ready)
            yield service
        finally:
            process.kill()


def _command() -> list[str]:
    return [sys.executable, "-m", "mimika", "serve", "--port", "0", "--workers", "2"]


def all_ended(processes: list[psutil.Process]) -> bool:
    return all(map(has_ended, processes))


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with serving(tmp_path_factory.mktemp("home")) as started:
        yield started


@pytest.fixture(scope="module")
def photo(photograph: Path) -> bytes:
    return photograph.read_bytes()


def bomb() -> bytes:
    """A PNG of 12,000 x 12,000 pixels in a few kB, whose pixels are never reached."""
    return png(12_000, 12_000, 2, 8, bytes(4_000_000))


def test_a_photograph_has_one_face_and_the_answer_parses(
    service: Service, photo: bytes
) -> None:
    analysis = service.client.analyze(photo, request_id="the-photograph")
    (face,) = analysis.faces
    with Image.open(io.BytesIO(photo)) as image:
        assert (analysis.width, analysis.height) == image.size
    assert face.score > 0.6
    assert sum(face.probabilities.values()) == pytest.approx(1, abs=1e-6)
    (model,) = service.client.models()
    assert analysis.model_digest == model.digest
    assert list(face.probabilities) == [label.key for label in model.labels]
    assert Analysis.model_validate_json(analysis.model_dump_json()) == analysis
    assert "[the-photograph] mimika.service.requests POST" in service.log()


def test_a_face_of_the_answer_is_explained_with_a_drawing(
    service: Service, photo: bytes
) -> None:
    (face,) = service.client.analyze(photo).faces
    drawn = service.client.explain(photo, face, request_id="the-drawing")
    with Image.open(io.BytesIO(drawn)) as image:
        assert (image.format, image.size) == ("PNG", (192, 192))
    outside = face.model_copy(update={"box": Box(600, 0, 9, 9)})
    with pytest.raises(InputError, match="not lie inside the picture of 512 x 600"):
        service.client.explain(photo, outside)
    assert "[the-drawing] mimika.service.requests POST" in service.log()


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'


@pytest.mark.parametrize(
    ("name", "data", "status", "slug"),
    [
        ("a.svg", SVG, 415, "unsupported-image"),
        ("a.jpg", b"<!doctype html><script>x</script>", 415, "unsupported-image"),
        ("a.gif", b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", 415, "unsupported-image"),
        ("empty.png", b"", 415, "unsupported-image"),
        ("bomb.png", bomb(), 413, "image-too-large"),
        ("big.jpg", b"\xff\xd8\xff" + bytes(15_000_001), 413, "image-too-large"),
    ],
)
def test_a_hostile_upload_is_refused(
    service: Service, name: str, data: bytes, status: int, slug: str
) -> None:
    files = {"file": (name, data, "image/jpeg")}
    response = requests.post(service.address + "/v1/analyze", files=files, timeout=20)
    assert response.status_code == status
    assert response.json()["type"] == f"urn:mimika:problem:{slug}"


def test_a_truncated_photograph_is_a_broken_picture(
    service: Service, photo: bytes
) -> None:
    files = {"file": photo[: len(photo) // 2]}
    response = requests.post(service.address + "/v1/analyze", files=files, timeout=20)
    assert response.status_code == 422
    assert response.json()["type"] == "urn:mimika:problem:broken-image"


def test_a_body_of_20_mb_without_a_length_is_refused(service: Service) -> None:
    def body() -> Iterator[bytes]:
        yield b"--b\r\nContent-Disposition: form-data; "
        yield b'name="file"; filename="a"\r\n\r\n'
        for _ in range(200):
            yield bytes(100_000)

    response = requests.post(
        service.address + "/v1/analyze",
        data=body(),
        headers={"Content-Type": "multipart/form-data; boundary=b"},
        timeout=20,
    )
    assert response.status_code == 413


def test_the_job_of_a_killed_worker_is_done_by_another(
    service: Service, photo: bytes
) -> None:
    first, second = service.workers()
    with frozen([first, second]), ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(service.client.analyze, photo) for _ in range(2)]
        until(lambda: service.gauge("running") == 2)
        first.kill()
        second.resume()
        answers = [job.result(20) for job in jobs]
    assert [len(answer.faces) for answer in answers] == [1, 1]
    until(service.client.ready)
    assert len(service.client.analyze(photo).faces) == 1
    assert second in service.workers()
    assert first not in service.workers()
    assert len(service.workers()) == 2


def test_with_all_workers_killed_at_once_a_job_waits_for_the_new_ones(
    tmp_path: Path, photo: bytes
) -> None:
    with serving(tmp_path) as service, ThreadPoolExecutor(1) as pool:
        workers = service.workers()
        with frozen(workers):
            job = pool.submit(service.client.analyze, photo)
            until(lambda: service.gauge("running") == 1)
            for worker in workers:
                worker.kill()
            assert len(job.result(20).faces) == 1
        until(service.client.ready)
        assert service.gauge("worker_restarts") == 2
        assert all_ended(workers)


def test_a_full_service_refuses_and_goes_on(tmp_path: Path, photo: bytes) -> None:
    with serving(tmp_path, queue_size="1") as service, ThreadPoolExecutor(3) as pool:
        with frozen(service.workers()):
            jobs = [pool.submit(service.client.analyze, photo) for _ in range(3)]
            until(lambda: (service.gauge("running"), service.gauge("queued")) == (2, 1))
            with pytest.raises(ServiceBusyError):
                service.client.analyze(photo)
            assert service.client.ready()  # full is not broken
        assert [len(job.result(20).faces) for job in jobs] == [1, 1, 1]


def test_a_picture_past_the_deadline_costs_its_worker_and_no_more(
    tmp_path: Path, photo: bytes
) -> None:
    with serving(tmp_path, deadline_s="2") as service:
        with frozen(service.workers()), pytest.raises(ServiceTimeoutError):
            service.client.analyze(photo)
        until(lambda: service.gauge("worker_restarts") == 1)
        until(service.client.ready)
        assert len(service.client.analyze(photo).faces) == 1
        assert service.gauge("worker_restarts") == 1


def test_sigterm_finishes_the_running_job_and_leaves_no_process(
    tmp_path: Path, photo: bytes
) -> None:
    with serving(tmp_path) as service, ThreadPoolExecutor(1) as pool:
        workers = service.workers()
        with frozen(workers):
            job = pool.submit(service.client.analyze, photo)
            until(lambda: service.gauge("running") == 1)
            service.process.terminate()
            until(lambda: not service.client.ready())
        assert len(job.result(20).faces) == 1
        assert service.process.wait(15) == 0
        assert all_ended(workers)
        assert service.output().read() == ""
        assert "Traceback" not in service.log()


def test_a_killed_service_leaves_no_worker(tmp_path: Path) -> None:
    with serving(tmp_path) as service:
        workers = service.workers()
        service.process.kill()
        service.process.wait(10)
        until(lambda: all_ended(workers), 10)


def test_a_second_ctrl_c_stops_at_once(tmp_path: Path) -> None:
    with serving(tmp_path) as service:
        workers = service.workers()
        held = _hold_a_request(service)
        with held:
            service.process.send_signal(signal.SIGINT)
            until(lambda: not service.client.ready())
            assert service.process.poll() is None
            service.process.send_signal(signal.SIGINT)
            assert service.process.wait(5) == 1
        assert all_ended(workers)
        assert "Traceback" not in service.log()


def _hold_a_request(service: Service) -> socket.socket:
    """A request whose picture never arrives, which the grace period waits for."""
    host, port = service.address.removeprefix("http://").split(":")
    held = socket.create_connection((host, int(port)))
    held.sendall(
        b"POST /v1/analyze HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n"
        b"Content-Type: multipart/form-data; boundary=b\r\n\r\n--b\r\n"
    )
    until(lambda: service.gauge("queued") == 1)
    return held


def test_what_is_unfinished_after_the_grace_period_is_refused(tmp_path: Path) -> None:
    with serving(tmp_path, grace_s="0") as service:
        with _hold_a_request(service) as held:
            service.process.terminate()
            answer = b"".join(iter(lambda: held.recv(65536), b""))
        assert answer.startswith(b"HTTP/1.1 503 ")
        assert b"the service is stopping" in answer
        assert service.process.wait(10) == 0
        assert "Traceback" not in service.log()


def test_a_model_that_cannot_be_used_ends_the_service_with_one_line(
    tmp_path: Path,
) -> None:
    ran = subprocess.run(
        _command(),
        env={
            **os.environ,
            "MIMIKA_HOME": str(tmp_path),
            "MIMIKA_SERVICE_MODEL": "nowhere.onnx",
            "MIMIKA_SERVICE_LOG_LEVEL": "ERROR",
        },
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.returncode == 1
    (line,) = ran.stderr.splitlines()
    assert line.startswith("Error: ")
    assert "nowhere.onnx" in line


@pytest.mark.parametrize("key", ["", "secret"])
def test_schemathesis_finds_no_violation_of_the_document(
    key: str, tmp_path: Path
) -> None:
    settings = {"key": key} if key else {}
    with serving(tmp_path, **settings) as service:
        document = service.address + "/openapi.json"
        options = ["--max-examples", "40", "--seed", "7", "--no-color"]
        options += ["--header", f"X-API-Key: {key}"] if key else []
        command = [str(Path(sys.executable).with_name("schemathesis")), "run", document]
        done = subprocess.run(
            [*command, *options],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
            env={**os.environ, "SCHEMATHESIS_HOOKS": schemathesis_hooks.__file__},
        )
        assert done.returncode == 0, done.stdout[-4000:]
        tested = re.search(r"Tested: +(\d+)", done.stdout)
        assert tested is not None
        assert int(tested[1]) == 6
