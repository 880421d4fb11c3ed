"""The key that a service may ask of its clients."""

import hmac
from collections.abc import Callable
from typing import Any

from fastapi import Depends, Security
from fastapi.security import APIKeyHeader
from pydantic import SecretStr

from mimika.core.errors import ServiceKeyError
from mimika.service.schemas import KEY_HEADER


def guards(key: SecretStr | None) -> list[Any]:
    """The dependencies of a route that only clients with the key may use.

    Args:
        key: the key; None lets all requests pass.
    """
    return [] if key is None else [Depends(_key_check(key.get_secret_value()))]


def _key_check(key: str) -> Callable[[str | None], None]:
    """A dependency that lets only requests with this key pass.

    It runs before the body is read.
    """
    expected = key.encode()

    def check(
        given: str | None = Security(APIKeyHeader(name=KEY_HEADER, auto_error=False)),
    ) -> None:
        # HTTP headers are latin-1; compared in a time that does not tell how much fits
        if not hmac.compare_digest((given or "").encode("utf-8"), expected):
            raise ServiceKeyError(
                f"the header {KEY_HEADER} is {'wrong' if given else 'missing'}; send "
                "the service's key (its MIMIKA_SERVICE_KEY) in it"
            )

    return check
