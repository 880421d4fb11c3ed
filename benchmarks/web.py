"""Pages of the web application for a person with many results, and the wait for one.

    python benchmarks/web.py [--rows 10000] [--rounds 50] [--uploads 20] [--seconds 5]

Makes a temporary MIMIKA_HOME with a SQLite database, or takes the empty PostgreSQL
database at DATABASE_URL and leaves it empty of people again. Three parts: the time that
Django needs for a page, without a server around it, and its SQL queries; pages a second
of `mimika up` from four clients; and the time from sending a picture until its page
shows the answer, asked for as often as the page asks. Ratios are to `/healthz/` of the
same part. Load and servers share the processor.
"""

import argparse
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING

import requests
from timing import timed_in_turn
from web_load import Row, rates, servers, visible

from mimika.runtime.bench import machine
from mimika.web.server import prepare

if TYPE_CHECKING:  # models cannot be imported before the settings are loaded
    from django.test import Client

    from mimika.web.accounts.models import User

HEALTH = "/healthz/"
LIMIT_MS, MOST_QUERIES = 100, 12


def main() -> None:
    """Prints the table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--uploads", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {
            "MIMIKA_HOME": home,
            "MIMIKA_LOG_LEVEL": "WARNING",
            "MIMIKA_SERVICE_LOG_LEVEL": "WARNING",
            "MIMIKA_UPLOADS_PER_HOUR": "100000",
        }
        prepare()
        with filled(options.rows) as owner:
            rows = measure(owner, options)
    show(rows, options)


def measure(owner: "User", options: argparse.Namespace) -> list[Row]:
    """All parts."""
    pages = addresses(owner)
    client = signed_in(owner)
    rows = in_process(client, pages, options.rounds)
    with servers() as site:
        session = requests.Session()
        session.cookies.update({k: v.value for k, v in client.cookies.items()})
        chosen = {k: pages[k] for k in (HEALTH, "history, page 1", "result")}
        rows += rates(site, session.cookies, chosen, options.seconds)
        rows.append(visible(site, session, options.uploads))
    return rows


@contextmanager
def filled(count: int) -> "Iterator[User]":
    """The person with the results, who is gone afterwards."""
    from web_rows import put_rows

    from mimika.web.accounts.models import User

    owner = User.objects.create_user("benchmark", "benchmark@example.org", None)
    try:
        put_rows(owner, count)
        yield owner
    finally:
        User.objects.filter(pk=owner.pk).delete()


def signed_in(owner: "User") -> "Client":
    """A client without a server."""
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    client.force_login(owner)
    return client


def addresses(owner: "User") -> dict[str, str]:
    """The pages by what they are called in the table; the baseline comes first."""
    from web_rows import SEARCHED

    from mimika.web.analyses.views import PAGE_LENGTH

    last = -(-owner.analyses.count() // PAGE_LENGTH)
    history = "/analyses/"
    middle = owner.analyses.order_by("pk")[owner.analyses.count() // 2]
    return {
        HEALTH: HEALTH,
        "history, page 1": history,
        f"history, page {last // 2}": f"{history}?page={last // 2}",
        f"history, page {last}, the last": f"{history}?page={last}",
        "history, searched for a word": f"{history}?q={SEARCHED}",
        "history, searched for what is not there": f"{history}?q=zebra",
        "history, one emotion": f"{history}?emotion=fear",
        "history, by title": f"{history}?sort=title",
        "history, by title, the last page": f"{history}?sort=title&page={last}",
        "statistics": "/analyses/statistics/",
        "result": middle.get_absolute_url(),
        "main page": "/",
        "account": "/accounts/me/",
    }


def in_process(client: "Client", pages: dict[str, str], rounds: int) -> list[Row]:
    """Milliseconds and queries of each page."""
    found = timed_in_turn(
        {name: partial(get, client, url) for name, url in pages.items()}, rounds
    )
    base = found[HEALTH].p50
    limit = f"<= {LIMIT_MS} ms, {MOST_QUERIES} queries"
    return [
        Row(
            *(name, timing.p50, "ms", timing.p95, timing.p50 / base),
            *(queries_of(client, pages[name]), "" if name == HEALTH else limit),
        )
        for name, timing in found.items()
    ]


def get(client: "Client", url: str) -> None:
    """Fetches a page."""
    response = client.get(url)
    assert response.status_code == 200, (url, response.status_code)


def queries_of(client: "Client", url: str) -> int:
    """How many SQL queries a page takes."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        get(client, url)
    return len(captured)


def show(rows: list[Row], options: argparse.Namespace) -> None:
    """Writes the table, or JSON."""
    from django.db import connection

    if options.json:
        found = [asdict(row) for row in rows]
        print(json.dumps({"machine": machine(), "rows": found}, indent=2))
        return
    cpu = f"{machine()['cpu']}, {machine()['cores']} cores"
    print(f"{cpu}; {connection.vendor}, {options.rows} results of one person\n")
    print("| what | median | p95 | ratio | queries | limit |")
    print("|---|---|---|---|---|---|")
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        queries = "" if row.queries is None else row.queries
        figure = f"{row.figure:.1f} {row.unit} | {row.p95:.1f} ms"
        print(f"| {row.name} | {figure} | {ratio} | {queries} | {row.limit} |")


if __name__ == "__main__":
    main()
