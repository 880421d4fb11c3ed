"""The OpenAPI document: what FastAPI knows of the routes, made whole.

Added are what the fields mean (from the classes' own docstrings), examples, headers,
and the names that the options `task` and `model` may have here.
"""

import inspect
import re
from collections.abc import Callable, Iterator, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from mimika.core.results import Analysis, Box, Point
from mimika.service.problems import KINDS, PROBLEM_JSON, URN
from mimika.service.schemas import (
    AddModelOptions,
    AnalyzeOptions,
    ExplainOptions,
    FaceToExplain,
    ModelInfo,
    Options,
    Problem,
)

Document = dict[str, Any]

DESCRIPTION = """\
Finds the faces in pictures and says what they express.

Errors are problem+json (RFC 9457); `type` names the kind. Every answer has the header
`X-Request-ID`, which is also in each line of the service's log.
"""
TAGS = dict.fromkeys(("/v1/analyze", "/v1/explain", "/v1/models"), "pictures")
MANAGING = {"add_model", "remove_model", "set_default_model"}
SCHEMAS = "#/components/schemas/{model}"
REQUEST_ID: Document = {
    "description": "Names the request in the log; the client's own if it sent one.",
    "schema": {"type": "string"},
    "example": "0f8c2b1e6f1d4b0c9a7e5d3c1b2a4f6e",
}
RETRY_AFTER: Document = {
    "description": "Seconds after which to try again.",
    "schema": {"type": "integer", "minimum": 1},
    "example": 1,
}
FIELD = re.compile(r"^    (\w+): ", re.MULTILINE)

EXAMPLE_ANALYSIS = Analysis.model_validate(
    {
        "width": 640,
        "height": 480,
        "faces": [
            {
                "box": [223, 81, 114, 136],
                "score": 0.943,
                "label": "happy",
                "probability": 0.9,
                "probabilities": {
                    "angry": 0.01,
                    "disgust": 0.005,
                    "fear": 0.01,
                    "happy": 0.9,
                    "sad": 0.01,
                    "surprise": 0.025,
                    "neutral": 0.04,
                },
                "landmarks": {
                    "right_eye": [253, 134],
                    "left_eye": [304, 131],
                    "nose": [280, 162],
                    "right_mouth": [260, 185],
                    "left_mouth": [303, 182],
                },
                "tilt_degrees": -3,
                "warnings": [],
            }
        ],
        "faces_mode": "find",
        "detail": "fine",
        "task": "emotion",
        "model": "emotion",
        "model_digest": "0" * 64,
    }
)


def documented_by(
    app: FastAPI, models: Callable[[], Sequence[ModelInfo]]
) -> Callable[[], Document]:
    """A function that makes the document of an application.

    Args:
        app: with all its routes.
        models: what the service offers at the moment.
    """
    # what the routes do not name as the type of an answer
    kinds = (Problem, FaceToExplain)
    pairs = {kind.__name__: inspect.getdoc(kind) for kind in (Box, Point)}

    def make() -> Document:
        document: Document = get_openapi(
            title=app.title,
            version=app.version,
            description=DESCRIPTION,
            routes=app.routes,
        )
        schemas = document["components"]["schemas"]
        for kind in kinds:
            schemas[kind.__name__] = kind.model_json_schema(ref_template=SCHEMAS)
            schemas[kind.__name__].pop("$defs", None)  # those of an analysis
        for name, text in pairs.items():  # pydantic leaves these out of a tuple
            schemas[name]["description"] = text
        for schema in schemas.values():
            _tell_fields(schema)
        for path, operation in _operations(document):
            is_managing = operation["operationId"] in MANAGING
            operation["tags"] = [
                "models" if is_managing else TAGS.get(path, "operation")
            ]
            for status, response in operation["responses"].items():
                _complete(response, int(status))
        analyze = document["paths"]["/v1/analyze"]["post"]
        analyze["requestBody"] = _analyze_form(models())
        _example(analyze, EXAMPLE_ANALYSIS.model_dump(mode="json"))
        explain = document["paths"]["/v1/explain"]["post"]
        explain["requestBody"] = _explain_form(models())
        _name_labels(schemas[FaceToExplain.__name__], models())
        if "post" in document["paths"]["/v1/models"]:
            document["paths"]["/v1/models"]["post"]["requestBody"] = _model_form()
        listed = [model.model_dump(mode="json") for model in models()]
        _example(document["paths"]["/v1/models"]["get"], {"models": listed})
        return document

    return make


def _operations(document: Document) -> Iterator[tuple[str, Document]]:
    for path, methods in document["paths"].items():
        for operation in methods.values():
            yield path, operation


def _tell_fields(schema: Document) -> None:
    """Moves what a docstring says of each field to that field."""
    text, _, fields = schema.get("description", "").partition("\n\nAttributes:\n")
    if text:
        schema["description"] = text
    _, *parts = FIELD.split(fields)
    properties = schema.get("properties", {})
    items = {item["title"].lower(): item for item in schema.get("prefixItems", ())}
    for name, meaning in zip(parts[::2], parts[1::2], strict=True):
        if name in (known := properties | items):
            known[name]["description"] = " ".join(meaning.split())


def _complete(response: Document, status: int) -> None:
    """Adds headers, and to a problem its schema and an example."""
    headers = {"X-Request-ID": REQUEST_ID}
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = RETRY_AFTER
    response["headers"] = headers
    content = response.get("content", {})
    if PROBLEM_JSON in content:
        content[PROBLEM_JSON] = {
            "schema": {"$ref": "#/components/schemas/Problem"},
            "example": _problem(status, response["description"]).model_dump(),
        }


def _problem(status: int, detail: str) -> Problem:
    """An example of the problems with a status."""
    kinds = (slug for slug, kind in KINDS.items() if kind.status == status)
    slug = next(kinds, None)
    return Problem(
        type="about:blank" if slug is None else URN + slug,
        title=HTTPStatus(status).phrase if slug is None else KINDS[slug].title,
        status=status,
        detail=detail,
        request_id=str(REQUEST_ID["example"]),
    )


def _example(operation: Document, example: object) -> None:
    operation["responses"]["200"]["content"]["application/json"]["example"] = example


def _analyze_form(models: Sequence[ModelInfo]) -> Document:
    """The form of `POST /v1/analyze`."""
    form, properties = _form(AnalyzeOptions)
    _name_values(properties, "task", [model.task for model in models])
    _name_values(properties, "model", [model.name for model in models])
    return form


def _explain_form(models: Sequence[ModelInfo]) -> Document:
    """The form of `POST /v1/explain`."""
    form, properties = _form(ExplainOptions)
    _name_values(properties, "model", [model.name for model in models])
    _name_values(properties, "digest", [model.digest for model in models])
    content = form["content"]["multipart/form-data"]
    content["encoding"]["face"] = {"contentType": "application/json"}
    return form


def _name_values(properties: Document, name: str, values: Sequence[str]) -> None:
    """Says which values an option can have here."""
    known = {"enum": sorted(set(values))} if values else {}
    meaning = properties[name]["description"]
    properties[name] = {"type": "string", "description": meaning, **known}


def _model_form() -> Document:
    """The form of `POST /v1/models`, where the service has an admin key."""
    form, properties = _form(AddModelOptions)
    content = form["content"]["multipart/form-data"]
    content["encoding"]["file"] = {"contentType": "application/octet-stream"}
    properties["file"]["description"] = "An ONNX file that mimika wrote."
    return form


def _name_labels(schema: Document, models: Sequence[ModelInfo]) -> None:
    """Says which classes a face can have here, and gives an example of one."""
    keys = {label.key for model in models for label in model.labels}
    if keys:
        schema["properties"]["label"]["enum"] = sorted(keys)
    face = EXAMPLE_ANALYSIS.faces[0].model_dump(mode="json")
    schema["example"] = {name: face[name] for name in schema["properties"]}


def _form(wanted: type[Options]) -> tuple[Document, Document]:
    """A multipart form with a picture and options, and the fields of the latter."""
    # as they are read from the form: a face, not the text that holds it
    options = wanted.model_json_schema(mode="serialization", ref_template=SCHEMAS)
    _tell_fields(options)
    properties: Document = {
        "file": {
            "type": "string",
            "format": "binary",
            "description": "The picture's file.",
        },
        **options["properties"],
    }
    fields = wanted.model_fields.items()
    schema = {
        "type": "object",
        "required": ["file", *(name for name, x in fields if x.is_required())],
        "additionalProperties": False,
        "properties": properties,
    }
    kinds = {"contentType": "image/jpeg, image/png, image/webp, image/bmp"}
    content = {"multipart/form-data": {"schema": schema, "encoding": {"file": kinds}}}
    return {"required": True, "content": content}, properties
