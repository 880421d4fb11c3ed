"""The routes that add and remove models, for whoever has the admin key."""

from fastapi import FastAPI, Request, Response

from mimika.runtime.model_check import MOST_BYTES
from mimika.runtime.shelf import Shelf
from mimika.service.answers import documented
from mimika.service.contract import Pool
from mimika.service.keys import MANAGING, guards
from mimika.service.logs import request_id
from mimika.service.schemas import AddModelOptions, ModelInfo
from mimika.service.settings import ServiceSettings
from mimika.service.uploads import UploadLimits, read_upload
from mimika.service.work import Job

ADD_S = 120.0  # longest time for a model of 100 MB to arrive
ERRORS = documented(
    {
        401: "The admin key is missing or wrong.",
        422: "No such model, an impossible name, or a file that cannot be used.",
    }
)
ARRIVAL = documented(
    {
        400: "The client went away.",
        408: "The model did not arrive in time.",
        413: "The model has too many bytes.",
        415: "The body is no multipart form.",
        500: "An unforeseen failure; the service's log has it.",
        503: "All places are taken, the service is stopping, or two workers died of "
        "this model: see Retry-After.",
        504: "The deadline passed.",
    }
)


def add_managing(
    app: FastAPI, settings: ServiceSettings, pool: Pool, shelf: Shelf
) -> None:
    """Adds the routes; without an admin key in the settings there are none.

    Args:
        app: gets them.
        settings: the key and the limits of uploads.
        pool: tries models out, in a process that may die of them.
        shelf: where they are kept.
    """
    if settings.admin_key is None:
        return
    admin_only = guards(settings.admin_key, MANAGING)
    limits = UploadLimits(MOST_BYTES, ADD_S, settings.idle_s, "model")

    @app.post(
        "/v1/models",
        response_model=ModelInfo,
        responses=ERRORS | ARRIVAL,
        dependencies=admin_only,
        operation_id="add_model",
    )
    async def add(request: Request) -> Response:
        """Checks a model and offers it under a name."""
        with pool.place() as do:
            upload = await read_upload(request, limits, AddModelOptions)
            done = await do(Job(upload.data, upload.options, request_id.get()))
        return Response(done.body, media_type="application/json")

    @app.delete(
        "/v1/models/{name}",
        status_code=204,
        responses=ERRORS,
        dependencies=admin_only,
        operation_id="remove_model",
    )
    async def remove(name: str) -> Response:
        """Takes a model that was added out of the offer."""
        shelf.remove(name)
        return Response(status_code=204)

    @app.put(
        "/v1/models/{name}/default",
        status_code=204,
        responses=ERRORS,
        dependencies=admin_only,
        operation_id="set_default_model",
    )
    async def make_default(name: str) -> Response:
        """Has a model answer where nothing is asked for."""
        is_shipped = any(name == model.name for model in pool.models)
        shelf.set_default(None if is_shipped else name)
        return Response(status_code=204)
