"""Whether the service in this container is ready: `python -m mimika.service.health`.

Only the standard library is loaded, since it runs every few seconds.
"""

import os
import sys
import urllib.error
import urllib.request

TIMEOUT_S = 3.0


def main() -> int:
    """Asks `/readyz`; 0 where the service is ready, otherwise 1, and says so."""
    port = os.environ.get("MIMIKA_SERVICE_PORT", "8100")
    url = f"http://127.0.0.1:{port}/readyz"
    # no proxy: the service is in this container
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=TIMEOUT_S) as answer:
            sys.stdout.write(f"{url}: {answer.status}\n")
            return 0
    except (urllib.error.URLError, OSError) as error:
        sys.stdout.write(f"{url}: {error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
