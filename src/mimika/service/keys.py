"""The key that a service may ask of its clients."""

import hmac
from collections.abc import Callable

from fastapi import Security
from fastapi.security import APIKeyHeader
from pydantic import SecretStr

from mimika.core.errors import ServiceKeyError
from mimika.service.schemas import KEY_HEADER


def key_check(key: SecretStr | None) -> Callable[[str | None], None]:
    """A dependency that lets only requests with this key pass.

    It runs before the body is read.

    Args:
        key: the key; None lets all requests pass.
    """
    expected = None if key is None else key.get_secret_value().encode()

    def check(
        given: str | None = Security(APIKeyHeader(name=KEY_HEADER, auto_error=False)),
    ) -> None:
        if expected is None:
            return
        # HTTP headers are latin-1; compared in a time that does not tell how much fits
        if not hmac.compare_digest((given or "").encode("utf-8"), expected):
            raise ServiceKeyError(
                f"the header {KEY_HEADER} is {'wrong' if given else 'missing'}; send "
                "the service's key (its MIMIKA_SERVICE_KEY) in it"
            )

    return check
