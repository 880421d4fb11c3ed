"""Whether a server in this container is well: `python -m mimika.core.health URL`.

Only the standard library is loaded, since it runs every few seconds.
"""

import os
import sys
import urllib.error
import urllib.request
from collections.abc import Sequence

TIMEOUT_S = 3.0
WELL, SICK, WRONG_CALL = 0, 1, 2


def main(arguments: Sequence[str]) -> int:
    """Asks a server for a page and says what came.

    The web application answers only under its own names and, behind a proxy, only over
    https, so the first of `MIMIKA_ALLOWED_HOSTS` is asked for as such a proxy would.

    Args:
        arguments: the address of the page, on this machine.

    Returns:
        An exit code: 0 where the page came, 1 where it did not, 2 for a wrong call.
    """
    if len(arguments) != 1:
        sys.stderr.write("expected one address, such as http://127.0.0.1:8100/readyz\n")
        return WRONG_CALL
    (url,) = arguments
    hosts = os.environ.get("MIMIKA_ALLOWED_HOSTS", "").split(",")
    headers = {"X-Forwarded-Proto": "https"}
    if hosts[0].strip() not in ("", "*"):
        headers["Host"] = hosts[0].strip().removeprefix(".")
    request = urllib.request.Request(url, headers=headers)  # noqa: S310  # our own server
    # no proxy: the server is in this container
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=TIMEOUT_S) as answer:
            sys.stdout.write(f"{url}: {answer.status}\n")
            return WELL
    except (urllib.error.URLError, OSError) as error:
        sys.stdout.write(f"{url}: {error}\n")
        return SICK


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
