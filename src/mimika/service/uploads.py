"""Receives a picture or a model: bounded in bytes and time, in memory only."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from mimika.core.errors import ConfigError, ImageTooLargeError, InputError
from mimika.core.images import MEGA
from mimika.service.schemas import Options

FRAMING_BYTES = 64_000  # boundaries, headers and options around the picture
MAX_MEMORY_BYTES = 2_000_000_000  # above any limit that can be set
MAX_OPTIONS = 8
MAX_OPTION_BYTES = 8_000  # a face as JSON has less than 1,000


@dataclass(frozen=True)
class Upload:
    """What was sent.

    Attributes:
        data: the bytes of the field `file`.
        options: the other fields, and the query.
    """

    data: bytes
    options: Options


@dataclass(frozen=True)
class UploadLimits:
    """What is accepted.

    Attributes:
        max_bytes: largest file; at most this and `FRAMING_BYTES` are read.
        total_s: longest time for all of it.
        idle_s: longest pause between two pieces.
        what: what the file is, in messages.
    """

    max_bytes: int
    total_s: float
    idle_s: float
    what: Literal["picture", "model"] = "picture"


async def read_upload(
    request: Request, limits: UploadLimits, wanted: type[Options]
) -> Upload:
    """Reads the form of a request.

    Args:
        request: its body has not been read yet.
        limits: what is accepted.
        wanted: which options it takes.

    Raises:
        ImageTooLargeError: more bytes than that.
        InputError: a damaged form, or no field `file` in it.
        ConfigError: an unknown option, a missing one or an impossible value.
        HTTPException: 408, the time is over; 415, no multipart form; 400, the client
            went away.
    """
    _check_headers(request, limits)
    try:
        async with asyncio.timeout(limits.total_s):
            form = await _parse(request, limits)
    except TimeoutError as error:
        raise HTTPException(
            408,
            f"the {limits.what} did not arrive within {limits.total_s:g} s, or stopped "
            f"for {limits.idle_s:g} s; send it again",
        ) from error
    except ClientDisconnect as error:
        raise HTTPException(400, "the client went away") from error
    try:
        data = await _file_of(form, limits)
    finally:
        await form.close()
    fields = {name: value for name, value in form.items() if name != "file"}
    return Upload(data, _options(wanted, {**request.query_params, **fields}))


def _check_headers(request: Request, limits: UploadLimits) -> None:
    kind = request.headers.get("content-type", "")
    if not kind.lower().startswith("multipart/form-data"):
        raise HTTPException(
            415,
            f"the body is {kind[:80] or 'of no type'!r}; send multipart/form-data with "
            f"the {limits.what} in the field 'file'",
        )
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > limits.max_bytes + FRAMING_BYTES:
        raise _too_large(limits)


class _Form(MultiPartParser):
    """Starlette's parser, kept off the disk and told to notice a missing end."""

    spool_max_size = MAX_MEMORY_BYTES
    ended = False

    def on_end(self) -> None:
        """Is called at the last boundary."""
        self.ended = True


async def _parse(request: Request, limits: UploadLimits) -> FormData:
    async def chunks() -> AsyncGenerator[bytes, None]:
        async for chunk in body:
            yield chunk
        if not form.ended:  # raised here, the parser still closes its files
            raise MultiPartException("the form is cut short")

    body = _bounded(request, limits)
    stream = chunks()
    form = _Form(
        request.headers,
        stream,
        max_files=1,
        max_fields=MAX_OPTIONS,
        max_part_size=MAX_OPTION_BYTES,
    )
    try:
        return await form.parse()
    except MultiPartException as error:
        raise InputError(f"not a readable multipart form: {error.message}") from error
    finally:
        await stream.aclose()
        await body.aclose()


async def _bounded(
    request: Request, limits: UploadLimits
) -> AsyncGenerator[bytes, None]:
    """The body, chunk by chunk, whatever its header said of its length."""
    received = 0
    stream = request.stream()
    while True:
        async with asyncio.timeout(limits.idle_s):
            chunk = await anext(stream, None)
        if chunk is None:
            return
        received += len(chunk)
        if received > limits.max_bytes + FRAMING_BYTES:
            raise _too_large(limits)
        yield chunk


async def _file_of(form: FormData, limits: UploadLimits) -> bytes:
    file = form.get("file")
    if not isinstance(file, UploadFile):
        have = ", ".join(repr(name) for name in form) or "no field"
        raise InputError(
            f"the form has {have[:80]}; send the {limits.what} as a file in the field "
            "'file'"
        )
    data = await file.read()
    if len(data) > limits.max_bytes:
        raise _too_large(limits)
    return data


def _options(wanted: type[Options], values: dict[str, object]) -> Options:
    try:
        return wanted.model_validate(values)
    except ValidationError as error:
        what = _fault(**error.errors()[0])
        raise ConfigError(f"{what}; {wanted.hint}") from error


def _fault(*, loc: tuple[int | str, ...], msg: str, **more: Any) -> str:
    """The first thing that is wrong, in words."""
    name = ".".join(map(str, loc))[:40]
    if more["type"] == "missing":
        return f"option {name!r} is missing"
    if more["type"] == "extra_forbidden":
        return f"there is no option {name!r}"
    return f"option {name!r} is {str(more['input'])[:40]!r}: {msg}"


def _too_large(limits: UploadLimits) -> Exception:
    most = f"the body has more than {limits.max_bytes / MEGA:g} MB"
    if limits.what == "model":
        return HTTPException(413, f"{most}; choose a smaller model")
    return ImageTooLargeError(f"{most}; save the picture smaller")
