"""Requests a second of the processing service, and how long they take.

    python benchmarks/service_load.py [--seconds 10] [--concurrency 8] [--json]

Starts `mimika serve` with its defaults and sends it a JPEG of 640 x 480 pixels with one
face, over connections that stay open, from this process: load and service share the
processor. First as fast as it answers, for `fast` and for `fine`; then `fast` at three
times that rate, where it has to refuse (503) rather than to slow down. The ratio is to
a plain FastAPI handler in two processes that only decodes the same picture.
"""

import argparse
import asyncio
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import requests

from mimika.runtime.bench import machine
from mimika.runtime.samples import SAMPLE_FILE

BOUNDARY = "a-boundary-that-is-not-in-the-picture"
OVERLOAD = 3
WARM_UP_S = 2.0
PLAIN = Path(__file__).with_name("plain_service.py")


@dataclass
class Found:
    """What the requests came to.

    Attributes:
        seconds: how long they were sent.
        statuses: how many had each status of HTTP.
        milliseconds: of those that were answered 200.
    """

    seconds: float
    statuses: Counter[int] = field(default_factory=Counter)
    milliseconds: list[float] = field(default_factory=list)

    def count(self, status: int, began: float) -> None:
        """Counts an answer to a request that was due at this time."""
        self.statuses[status] += 1
        if status == 200:
            self.milliseconds.append(1000 * (time.perf_counter() - began))

    @property
    def rate(self) -> float:
        """Answered requests a second."""
        return len(self.milliseconds) / self.seconds

    def to_data(self) -> dict[str, Any]:
        """The figures for programs."""
        p50, p95, p99 = np.percentile(self.milliseconds, [50, 95, 99]).round(2).tolist()
        return {
            "per_s": round(self.rate, 1),
            "p50_ms": p50,
            "p95_ms": p95,
            "p99_ms": p99,
            "statuses": dict(sorted(self.statuses.items())),
        }


def main() -> None:
    """Prints the table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--concurrency", type=int, default=8)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    closed = (arguments.concurrency, arguments.seconds)
    with serving([sys.executable, str(PLAIN)]) as address:
        plain = asyncio.run(closed_loop(address, request("fast"), *closed))
    found = {"plain handler that only decodes": plain}
    with serving([sys.executable, "-m", "mimika", "serve", "--port", "0"]) as address:
        for detail in ("fast", "fine"):
            answers = asyncio.run(closed_loop(address, request(detail), *closed))
            found[detail] = answers
        rate = OVERLOAD * found["fast"].rate
        flood = open_loop(address, request("fast"), rate, arguments.seconds)
        found[f"fast, offered {rate:.0f} a second"] = asyncio.run(flood)
    show(found, as_json=arguments.json)


def show(found: dict[str, Found], *, as_json: bool) -> None:
    """Writes the figures with their ratio to the first."""
    rows = {name: answers.to_data() for name, answers in found.items()}
    base = next(iter(rows.values()))["per_s"]
    for row in rows.values():
        row["ratio"] = round(row["per_s"] / base, 2)
    if as_json:
        print(json.dumps({"machine": machine(), "load": rows}, indent=2))
        return
    print(f"{machine()['cpu']}, {machine()['cores']} cores")
    names = ("per_s", "ratio", "p50_ms", "p95_ms", "p99_ms")
    print(f"{'':34}" + "".join(f"{name:>9}" for name in names) + "  statuses")
    for name, row in rows.items():
        figures = "".join(f"{row[key]:9.2f}" for key in names)
        print(f"{name:34}{figures}  {row['statuses']}")


@contextmanager
def serving(command: list[str]) -> Iterator[str]:
    """A command that prints its address, once it is ready."""
    with (
        tempfile.TemporaryDirectory() as home,
        subprocess.Popen(
            command,
            env={
                **os.environ,
                "MIMIKA_HOME": home,
                "MIMIKA_SERVICE_LOG_LEVEL": "WARNING",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        ) as process,
    ):
        assert process.stdout is not None
        match = re.search(r"http://[0-9.:]+", process.stdout.readline())
        assert match is not None, "the service said no address"
        while not is_ready(match[0]):
            time.sleep(0.05)
        try:
            yield match[0]
        finally:
            process.terminate()


def is_ready(address: str) -> bool:
    """Whether all workers are ready."""
    try:
        return requests.get(address + "/readyz", timeout=5).ok
    except requests.ConnectionError:
        return False


def request(detail: str) -> bytes:
    """The bytes of a request with the picture."""
    body = (
        f"--{BOUNDARY}\r\nContent-Disposition: form-data; name=detail\r\n\r\n"
        f"{detail}\r\n--{BOUNDARY}\r\n"
        "Content-Disposition: form-data; name=file; filename=a.jpg\r\n"
        "Content-Type: image/jpeg\r\n\r\n"
    ).encode()
    body += SAMPLE_FILE.read_bytes() + f"\r\n--{BOUNDARY}--\r\n".encode()
    head = (
        "POST /v1/analyze HTTP/1.1\r\nHost: x\r\n"
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class Connection:
    """A connection that stays open."""

    def __init__(self, address: str) -> None:
        host, port = address.removeprefix("http://").split(":")
        self._place = (host, int(port))
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, data: bytes) -> int:
        """Sends a request and reads the answer; its status."""
        if self._streams is None:
            self._streams = await asyncio.open_connection(*self._place)
        reader, writer = self._streams
        writer.write(data)
        await writer.drain()
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        assert length is not None
        await reader.readexactly(int(length[1]))
        if b"connection: close" in head.lower():
            self.close()
        return int(head[9:12])

    def close(self) -> None:
        """Closes it; the next request opens another."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


async def closed_loop(
    address: str, data: bytes, concurrency: int, seconds: float
) -> Found:
    """Each of several clients sends the next request when it has its answer."""
    start = time.perf_counter() + WARM_UP_S
    found = Found(seconds)

    async def client() -> None:
        connection = Connection(address)
        while (began := time.perf_counter()) < start + seconds:
            status = await connection.ask(data)
            if began >= start:
                found.count(status, began)
        connection.close()

    await asyncio.gather(*(client() for _ in range(concurrency)))
    return found


async def open_loop(address: str, data: bytes, rate: float, seconds: float) -> Found:
    """Requests come at a fixed rate, whatever became of those before."""
    found = Found(seconds)
    idle: list[Connection] = []

    async def one() -> None:
        began = time.perf_counter()
        connection = idle.pop() if idle else Connection(address)
        try:
            found.count(await connection.ask(data), began)
        except (ConnectionError, asyncio.IncompleteReadError):
            connection.close()
            found.statuses[0] += 1
        idle.append(connection)

    start = time.perf_counter()
    tasks = []
    for number in range(int(rate * seconds)):
        await asyncio.sleep(max(0.0, start + number / rate - time.perf_counter()))
        tasks.append(asyncio.create_task(one()))
    await asyncio.gather(*tasks)
    for connection in idle:
        connection.close()
    return found


if __name__ == "__main__":
    main()
