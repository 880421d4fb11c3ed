"""What `mimika up` does under load, and how long somebody waits for an answer."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import numpy as np
import requests

from mimika.runtime.samples import SAMPLE_FILE

CLIENTS = 4
VISIBLE_MS = 1000
BETWEEN_S = 0.5  # two pictures that are sent: the servers are idle again


@dataclass(frozen=True)
class Row:
    """A line of the table.

    Attributes:
        name: what was measured.
        figure: the median in milliseconds, or requests a second.
        unit: of the figure.
        p95: 95th percentile in milliseconds.
        ratio: to the first line of the same part.
        queries: how many SQL queries a page takes; None where they are not counted.
        limit: what it should be, in words.
    """

    name: str
    figure: float
    unit: str
    p95: float
    ratio: float | None
    queries: int | None
    limit: str


@contextmanager
def servers() -> Iterator[str]:
    """The address of `mimika up`, once it is ready."""
    command = [sys.executable, "-m", "mimika", "up", "--web-port=0", "--service-port=0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        match = re.search(r"http://[0-9.:]+", process.stdout.readline())
        assert match is not None, "the servers said no address"
        try:
            yield match[0]
        finally:
            process.terminate()


def rates(
    site: str, cookies: Mapping[str, str], pages: Mapping[str, str], seconds: float
) -> list[Row]:
    """Pages a second from several clients at once; ratios are to the first page."""
    found = {}
    for name, url in pages.items():
        ask = partial(fetch_for, site + url, cookies, seconds)
        with ThreadPoolExecutor(CLIENTS) as pool:
            parts = [pool.submit(ask) for _ in range(CLIENTS)]
        found[name] = [spent for part in parts for spent in part.result()]
    base = len(next(iter(found.values())))
    return [
        Row(
            *(f"{name}, {CLIENTS} clients", len(spent) / seconds, "/s"),
            *(percentile(spent, 95), len(spent) / base, None, ""),
        )
        for name, spent in found.items()
    ]


def fetch_for(url: str, cookies: Mapping[str, str], seconds: float) -> list[float]:
    """Fetches a page again and again; milliseconds of each time but the first."""
    with requests.Session() as session:
        session.cookies.update(dict(cookies))
        assert session.get(url).ok, url
        end = time.perf_counter() + seconds
        spent = []
        while (began := time.perf_counter()) < end:
            assert session.get(url).ok, url
            spent.append(1000 * (time.perf_counter() - began))
    return spent


def visible(site: str, session: requests.Session, rounds: int) -> Row:
    """From sending a picture to its answer on the page."""
    spent = []
    for _ in range(1 + rounds):  # the first one warms up
        time.sleep(BETWEEN_S)
        spent.append(wait_for_answer(site, session))
    median, p95 = percentile(spent[1:], 50), percentile(spent[1:], 95)
    limit = f"<= {VISIBLE_MS} ms"
    return Row("picture sent to answer seen", median, "ms", p95, None, None, limit)


def wait_for_answer(site: str, session: requests.Session) -> float:
    """Sends a picture and asks for its page as the page does; milliseconds."""
    form = session.get(f"{site}/analyses/new/").text
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    assert token is not None
    began = time.perf_counter()
    answer = session.post(
        f"{site}/analyses/new/",
        data={"csrfmiddlewaretoken": token[1]},
        files={"pictures": ("photo.jpg", SAMPLE_FILE.read_bytes(), "image/jpeg")},
    )
    page = answer.url
    while again := re.search(r'id="result"[^>]*delay:(\d+)ms', answer.text):
        time.sleep(int(again[1]) / 1000)
        answer = session.get(f"{page}status/", headers={"HX-Request": "true"})
    spent = 1000 * (time.perf_counter() - began)
    assert "Save as PDF" in answer.text, answer.text
    return spent


def percentile(spent: list[float], share: float) -> float:
    """That of the milliseconds."""
    return float(np.percentile(spent, share))
