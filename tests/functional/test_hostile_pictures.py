"""Two hundred hostile files against a real service."""

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
import requests
from hostile_pictures import Hostile, corpus

from mimika.service.client import ServiceClient

MOST_MB = 600
PROBLEM = "application/problem+json"


class Memory:
    """The most memory that a process and its children held together, in MiB."""

    def __init__(self, process: psutil.Process) -> None:
        self._process = process
        self._ended = threading.Event()
        self.most = 0.0

    def watch(self) -> None:
        while not self._ended.wait(0.01):
            self.most = max(self.most, self._now())

    def end(self) -> None:
        self._ended.set()

    def _now(self) -> float:
        total = 0
        for process in [self._process, *self._process.children(recursive=True)]:
            try:
                total += process.memory_info().rss
            except psutil.NoSuchProcess:
                continue
        return total / 2**20


@contextmanager
def measured(pid: int) -> Iterator[Memory]:
    memory = Memory(psutil.Process(pid))
    thread = threading.Thread(target=memory.watch)
    thread.start()
    try:
        yield memory
    finally:
        memory.end()
        thread.join()


@pytest.fixture
def service(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [sys.executable, "-m", "mimika", "serve", "--port", "0", "--workers", "2"]
    environment = {**os.environ, "MIMIKA_HOME": str(tmp_path)}
    errors = (tmp_path / "errors").open("w")
    with (
        errors,
        subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True
        ) as process,
    ):
        assert process.stdout is not None
        match = re.search(r"http://[0-9.:]+", process.stdout.readline())
        assert match is not None
        while not ServiceClient(match[0]).ready():
            time.sleep(0.05)
        yield process, match[0]
        process.terminate()


def post(address: str, file: Hostile) -> requests.Response:
    files = {"file": (file.name, file.data, "image/jpeg")}
    return requests.post(address + "/v1/analyze", files=files, timeout=60)


def test_every_hostile_file_is_answered_and_the_next_good_picture_too(
    service: tuple[subprocess.Popen[str], str], photograph: Path
) -> None:
    process, address = service
    wrong: list[str] = []
    count = 0
    with measured(process.pid) as memory:
        for file in corpus():
            count += 1
            answer = post(address, file)
            kind = answer.headers["content-type"]
            expected = "application/json" if answer.ok else PROBLEM
            if answer.status_code not in file.allowed or kind != expected:
                wrong.append(f"{file.name}: {answer.status_code} {answer.text[:200]}")
        assert len(ServiceClient(address).analyze(photograph.read_bytes()).faces) == 1
    assert wrong == []
    assert count >= 200
    assert memory.most < MOST_MB
    text = requests.get(address + "/metrics", timeout=5).text
    assert "mimika_worker_restarts 0.0" in text
