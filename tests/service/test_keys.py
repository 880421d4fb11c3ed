"""Tests of the keys that a service asks of its clients."""

import pytest
import requests
from pydantic import SecretStr

from mimika.service.api import create_app
from mimika.service.twins import InMemoryPool


@pytest.mark.parametrize(
    ("method", "path", "header"),
    [
        ("POST", "/v1/analyze", "X-API-Key"),
        ("POST", "/v1/models", "X-Admin-Key"),
        ("DELETE", "/v1/models/parts", "X-Admin-Key"),
    ],
)
@pytest.mark.parametrize("sent", [None, "the other one"])
def test_a_refusal_names_the_header_that_opens_this_door(
    settings, model, analysis, served, method, path, header, sent
) -> None:
    keys = {"key": SecretStr("a"), "admin_key": SecretStr("b")}
    pool = InMemoryPool(lambda job: analysis, (model,), 1)
    address = served(create_app(settings.model_copy(update=keys), pool))
    given = {} if sent is None else {header: sent}
    refused = requests.request(method, address + path, headers=given, timeout=10)
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"] == f'APIKey header="{header}"'
    assert f"the header {header} is" in refused.json()["detail"]
