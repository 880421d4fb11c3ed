"""Errors as responses of HTTP, and as they stand in the OpenAPI document."""

import logging
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from mimika.core.errors import ServiceBusyError, ServiceKeyError
from mimika.service.logs import request_id
from mimika.service.problems import PROBLEM_JSON, to_problem
from mimika.service.schemas import Problem

logger = logging.getLogger("mimika.service.requests")

RETRY_AFTER_S = 1
QUIET = ("/livez", "/readyz", "/metrics")  # asked every few seconds


def problem_response(
    problem: Problem, headers: dict[str, str] | None = None
) -> Response:
    """A problem as a response; a 503 always says when to try again."""
    extra = dict(headers or {})
    if problem.status == HTTPStatus.SERVICE_UNAVAILABLE:
        extra.setdefault("Retry-After", str(RETRY_AFTER_S))
    return Response(
        problem.model_dump_json(),
        status_code=problem.status,
        headers=extra,
        media_type=PROBLEM_JSON,
    )


async def answer_error(request: Request, error: Exception) -> Response:
    """Answers an error of mimika."""
    headers = {}
    if isinstance(error, ServiceBusyError):
        headers["Retry-After"] = str(error.retry_after_s)
    if isinstance(error, ServiceKeyError) and error.header:
        headers["WWW-Authenticate"] = f'APIKey header="{error.header}"'
    problem = to_problem(error, request_id.get())
    if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR:  # not the client's doing
        known = request.url.path in QUIET or isinstance(error, ServiceBusyError)
        level = logging.DEBUG if known else logging.WARNING
        logger.log(level, "%s: %s", problem.title, problem.detail)
    return problem_response(problem, headers)


async def answer_http_error(_request: Request, error: Exception) -> Response:
    """Answers what Starlette raises: no such path, a wrong method and the like."""
    if not isinstance(error, HTTPException):
        raise error
    problem = Problem(
        title=HTTPStatus(error.status_code).phrase,
        status=error.status_code,
        detail=error.detail,
        request_id=request_id.get(),
    )
    return problem_response(problem, dict(error.headers or {}))


def documented(statuses: dict[int, str]) -> dict[int | str, dict[str, Any]]:
    """Error responses for the OpenAPI document.

    Args:
        statuses: by HTTP status, when it is answered.
    """
    schema = Problem.model_json_schema()
    return {
        status: {"description": text, "content": {PROBLEM_JSON: {"schema": schema}}}
        for status, text in statuses.items()
    }
