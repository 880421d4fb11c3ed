"""The OpenAPI document; `functional/test_service.py` holds the service to it."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from mimika.core.results import Analysis
from mimika.core.tasks import EMOTION
from mimika.service.api import create_app
from mimika.service.openapi import EXAMPLE_ANALYSIS
from mimika.service.schemas import (
    FaceToExplain,
    Health,
    ModelInfo,
    ModelList,
    Problem,
)
from mimika.service.settings import ServiceSettings
from mimika.service.twins import InMemoryPool

TYPES = {"analyze": Analysis, "list_models": ModelList, "livez": Health}


@pytest.fixture
def document(
    settings: ServiceSettings, analysis: Analysis, model: ModelInfo
) -> dict[str, Any]:
    locked = settings.model_copy(update={"key": SecretStr("secret")})
    app = create_app(locked, InMemoryPool(lambda job: analysis, (model,)))
    with TestClient(app) as client:
        found: dict[str, Any] = client.get("/openapi.json").json()
    return found


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found = [o for methods in document["paths"].values() for o in methods.values()]
    return {operation["operationId"]: operation for operation in found}


def test_every_operation_has_a_name_a_text_and_a_tag(document: dict[str, Any]) -> None:
    found = operations(document)
    pictures = {"analyze", "explain", "list_models"}
    assert set(found) == pictures | {"livez", "readyz", "metrics"}
    for operation in found.values():
        assert operation["description"].endswith(".")
        assert len(operation["tags"]) == 1


def test_every_field_says_what_it_means(document: dict[str, Any]) -> None:
    for name, schema in document["components"]["schemas"].items():
        assert "Attributes:" not in schema["description"], name
        fields = [
            *schema.get("properties", {}).values(),
            *schema.get("prefixItems", ()),
        ]
        assert fields, name
        for field in fields:
            assert field.get("description"), f"{name}: {field}"


def test_the_examples_are_valid(document: dict[str, Any]) -> None:
    for name, kind in TYPES.items():
        response = operations(document)[name]["responses"]["200"]
        example = response["content"]["application/json"].get("example")
        if name != "livez":
            kind.model_validate_json(kind.model_validate(example).model_dump_json())
    (face,) = EXAMPLE_ANALYSIS.faces
    assert tuple(face.probabilities) == EMOTION.keys
    assert sum(face.probabilities.values()) == pytest.approx(1)


def test_every_problem_has_an_example_with_its_own_status(
    document: dict[str, Any],
) -> None:
    for operation in operations(document).values():
        for status, response in operation["responses"].items():
            assert "X-Request-ID" in response["headers"]
            assert ("Retry-After" in response["headers"]) == (status == "503")
            if status != "200":
                content = response["content"]["application/problem+json"]
                assert content["schema"] == {"$ref": "#/components/schemas/Problem"}
                assert Problem.model_validate(content["example"]).status == int(status)


def test_the_options_name_what_this_service_offers(document: dict[str, Any]) -> None:
    body = operations(document)["analyze"]["requestBody"]["content"]
    form = body["multipart/form-data"]["schema"]["properties"]
    assert form["model"]["enum"] == ["double"]
    assert form["task"]["enum"] == ["parts"]
    assert form["detail"]["enum"] == ["fast", "fine"]
    assert all(option["description"] for option in form.values())


def test_the_face_to_explain_is_an_object_with_an_example(
    document: dict[str, Any],
) -> None:
    form = operations(document)["explain"]["requestBody"]["content"]
    content = form["multipart/form-data"]
    assert content["schema"]["required"] == ["file", "face"]
    assert content["encoding"]["face"] == {"contentType": "application/json"}
    assert "$ref" in str(content["schema"]["properties"]["face"])
    assert content["schema"]["properties"]["model"]["enum"] == ["double"]
    assert len(content["schema"]["properties"]["digest"]["enum"]) == 1
    side = content["schema"]["properties"]["side"]
    assert (side["minimum"], side["default"], side["maximum"]) == (48, 192, 512)
    schema = document["components"]["schemas"]["FaceToExplain"]
    assert schema["properties"]["label"]["enum"] == ["large", "small"]
    example = FaceToExplain.model_validate_json(json.dumps(schema["example"]))
    assert example.box == EXAMPLE_ANALYSIS.faces[0].box
    answered = operations(document)["explain"]["responses"]["200"]["content"]
    assert list(answered) == ["image/png"]


def test_the_key_is_asked_for_only_where_there_is_one(
    document: dict[str, Any], settings: ServiceSettings, analysis: Analysis
) -> None:
    assert operations(document)["analyze"]["security"] == [{"APIKeyHeader": []}]
    assert "security" not in operations(document)["livez"]
    free = create_app(settings, InMemoryPool(lambda job: analysis)).openapi()
    assert "security" not in operations(free)["analyze"]


def test_managing_is_documented_where_there_is_an_admin_key(
    settings: ServiceSettings, analysis: Analysis
) -> None:
    managed = settings.model_copy(update={"admin_key": SecretStr("secret")})
    app = create_app(managed, InMemoryPool(lambda job: analysis))
    document = app.openapi()
    found = operations(document)
    for name in ("add_model", "remove_model", "set_default_model"):
        assert found[name]["tags"] == ["models"]
        assert found[name]["security"]
    form = found["add_model"]["requestBody"]["content"]["multipart/form-data"]
    assert form["schema"]["required"] == ["file", "name"]
    assert form["encoding"]["file"]["contentType"] == "application/octet-stream"
    assert {"408", "413", "503"} <= set(found["add_model"]["responses"])
