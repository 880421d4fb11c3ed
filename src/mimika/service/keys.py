"""The keys that a service may ask of its clients."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fastapi import Depends, Security
from fastapi.security import APIKeyHeader
from pydantic import SecretStr

from mimika.core.errors import ServiceKeyError
from mimika.service.schemas import ADMIN_HEADER, KEY_HEADER


@dataclass(frozen=True)
class Door:
    """What a key opens.

    Attributes:
        header: of the request, in which the key belongs.
        scheme: its name in the OpenAPI document.
        key: what the key is called.
        variable: of the service's environment, in which the key stands.
    """

    header: str
    scheme: str
    key: str
    variable: str


ANALYSING = Door(KEY_HEADER, "APIKeyHeader", "key", "MIMIKA_SERVICE_KEY")
MANAGING = Door(ADMIN_HEADER, "admin", "admin key", "MIMIKA_SERVICE_ADMIN_KEY")


def guards(key: SecretStr | None, door: Door = ANALYSING) -> list[Any]:
    """The dependencies of a route that only clients with the key may use.

    Args:
        key: the key; None lets all requests pass.
        door: what it opens.
    """
    return [] if key is None else [Depends(_key_check(key.get_secret_value(), door))]


def _key_check(key: str, door: Door) -> Callable[[str | None], None]:
    """A dependency that lets only requests with this key pass.

    It runs before the body is read.
    """
    expected = key.encode()
    header = APIKeyHeader(name=door.header, scheme_name=door.scheme, auto_error=False)

    def check(given: str | None = Security(header)) -> None:
        # HTTP headers are latin-1; compared in a time that does not tell how much fits
        if not hmac.compare_digest((given or "").encode("utf-8"), expected):
            raise ServiceKeyError(
                f"the header {door.header} is {'wrong' if given else 'missing'}; send "
                f"the service's {door.key} (its {door.variable}) in it",
                door.header,
            )

    return check
