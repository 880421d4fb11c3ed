"""The HTTP interface: routes, and nothing that knows pictures or processes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import PlainTextResponse
from starlette.exceptions import HTTPException

from mimika.core.errors import MimikaError, ServiceUnavailableError
from mimika.core.results import Analysis
from mimika.runtime.shelf import Shelf
from mimika.service.answers import answer_error, answer_http_error, documented
from mimika.service.contract import Pool
from mimika.service.demo_page import add_demo_page
from mimika.service.keys import guards
from mimika.service.logs import request_id
from mimika.service.managing import add_managing
from mimika.service.metrics import CONTENT_TYPE, Metrics
from mimika.service.middleware import RequestContext, UnreadBody
from mimika.service.offer import Offer, offer_of
from mimika.service.openapi import documented_by
from mimika.service.schemas import (
    AnalyzeOptions,
    ExplainOptions,
    Health,
    ModelList,
    Options,
)
from mimika.service.settings import ServiceSettings
from mimika.service.uploads import UploadLimits, read_upload
from mimika.service.work import Job

METRICS_EXAMPLE = "# TYPE mimika_workers_ready gauge\nmimika_workers_ready 2.0\n"
WRONG_KEY = "The service has a key, and X-API-Key is not it."
JOB_ERRORS = documented(
    {
        400: "The client went away.",
        401: WRONG_KEY,
        408: "The picture did not arrive in time.",
        413: "The picture has too many bytes or pixels.",
        415: "Not a JPEG, PNG, WebP or BMP.",
        422: "The picture is damaged, the form incomplete or an option impossible.",
        500: "An unforeseen failure; the service's log has it.",
        503: "All places are taken, the service is stopping, or two workers died of "
        "this picture: see Retry-After.",
        504: "The deadline passed.",
    }
)
OVERLAY: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A square picture: warm where the face speaks for its class, "
        "cold where it speaks against it.",
        "content": {"image/png": {"schema": {"type": "string", "format": "binary"}}},
    }
}
NOT_READY = documented({503: "Starting or stopping: see Retry-After."})


def create_app(settings: ServiceSettings, pool: Pool) -> FastAPI:
    """Makes the application; it starts and stops the pool.

    There is no page at `/docs`, because Swagger UI loads its code from elsewhere;
    `/openapi.json` says the same.

    Args:
        settings: the limits of uploads.
        pool: does the jobs.
    """
    metrics = Metrics(pool)
    shelf = Shelf(settings.shelf_home)
    offer = offer_of(lambda: pool.models, shelf)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await pool.start()
        yield
        await pool.stop()

    app = FastAPI(
        title="mimika processing service",
        version=version("mimika"),
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    app.add_middleware(UnreadBody)
    app.add_middleware(RequestContext, metrics=metrics)  # the outer one
    app.add_exception_handler(MimikaError, answer_error)
    app.add_exception_handler(HTTPException, answer_http_error)
    _add_jobs(app, settings, pool, metrics)
    _add_models(app, settings, offer)
    add_managing(app, settings, pool, shelf)
    _add_health(app, pool, metrics)
    if settings.demo:
        add_demo_page(app, settings.max_bytes)
    app.openapi = documented_by(app, offer)  # type: ignore[method-assign]  # FastAPI's way
    return app


def _add_jobs(
    app: FastAPI, settings: ServiceSettings, pool: Pool, metrics: Metrics
) -> None:
    limits = UploadLimits(settings.max_bytes, settings.upload_s, settings.idle_s)

    async def answer(request: Request, wanted: type[Options]) -> bytes:
        with pool.place() as do:  # before the picture is read: memory stays bounded
            upload = await read_upload(request, limits, wanted)
            done = await do(Job(upload.data, upload.options, request_id.get()))
        metrics.count_job(done)
        return done.body

    @app.post(
        "/v1/analyze",
        response_model=Analysis,
        responses=JOB_ERRORS,
        dependencies=guards(settings.key),
        operation_id="analyze",
    )
    async def analyze(request: Request) -> Response:
        """Finds and classifies the faces of a picture, or classifies all of it."""
        body = await answer(request, AnalyzeOptions)
        return Response(body, media_type="application/json")

    @app.post(
        "/v1/explain",
        response_class=Response,
        responses=OVERLAY | JOB_ERRORS,
        dependencies=guards(settings.key),
        operation_id="explain",
    )
    async def explain(request: Request) -> Response:
        """Draws which parts of a face its answer depends on."""
        body = await answer(request, ExplainOptions)
        return Response(body, media_type="image/png")


def _add_models(app: FastAPI, settings: ServiceSettings, offer: Offer) -> None:
    @app.get(
        "/v1/models",
        responses=documented({401: WRONG_KEY}) | NOT_READY,
        dependencies=guards(settings.key),
        operation_id="list_models",
    )
    async def models() -> ModelList:
        """The models with their classes, figures and limits; the default one first."""
        models = offer()
        if not models:
            raise ServiceUnavailableError("no worker is ready yet; try again later")
        return ModelList(models=models)


def _add_health(app: FastAPI, pool: Pool, metrics: Metrics) -> None:
    @app.get("/livez", operation_id="livez")
    async def livez() -> Health:
        """Whether the process answers at all."""
        return Health()

    @app.get("/readyz", responses=NOT_READY, operation_id="readyz")
    async def readyz() -> Health:
        """Whether all workers are ready and requests are accepted."""
        status = pool.status
        if not status.is_ready:
            state = "stopping" if status.stopping else "starting"
            raise ServiceUnavailableError(
                f"{status.ready} of {status.size} workers are ready, the service is "
                f"{state}; try again later"
            )
        return Health()

    @app.get(
        "/metrics",
        response_class=PlainTextResponse,
        responses={200: {"content": {"text/plain": {"example": METRICS_EXAMPLE}}}},
        operation_id="metrics",
    )
    async def counters() -> Response:
        """Counters in the text format of Prometheus."""
        return Response(metrics.render(), media_type=CONTENT_TYPE)
