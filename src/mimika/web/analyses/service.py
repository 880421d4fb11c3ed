"""The seam to the processing service, and what its failures mean to people."""

from dataclasses import dataclass
from typing import Protocol

from django.conf import settings

from mimika.core.errors import (
    BrokenImageError,
    ImageError,
    ImageTooLargeError,
    MimikaError,
    ServiceBusyError,
    ServiceTimeoutError,
    ServiceUnavailableError,
    UnsupportedImageError,
    WorkerCrashedError,
)
from mimika.core.results import Analysis
from mimika.service.client import ServiceClient


class Client(Protocol):
    """What the application needs of a processing service."""

    def analyze(self, data: bytes, *, request_id: str | None = None) -> Analysis:
        """Analyses a picture, or raises a `MimikaError`."""
        ...


@dataclass
class ClientTwin:
    """A client without a service: answers, or fails, as it was told.

    Attributes:
        answer: what to return or to raise.
        received: the pictures and request ids that came.
    """

    answer: Analysis | MimikaError
    received: list[tuple[bytes, str | None]]

    def analyze(self, data: bytes, *, request_id: str | None = None) -> Analysis:
        """Remembers the call, then answers."""
        self.received.append((data, request_id))
        if isinstance(self.answer, MimikaError):
            raise self.answer
        return self.answer


def get_client() -> Client:
    """The client for the service at `MIMIKA_SERVICE_URL`.

    It sends nothing again: the person waits, and may send the picture again.
    """
    return ServiceClient(
        settings.MIMIKA_SERVICE_URL,
        settings.MIMIKA_SERVICE_TIMEOUT_S,
        retries=0,
        key=settings.MIMIKA_SERVICE_KEY,
    )


@dataclass(frozen=True)
class Failure:
    """What to tell somebody whose picture was not analysed.

    Attributes:
        message: what happened and what to do.
        status: the HTTP status of the page that says so.
        retry_after_s: seconds after which to try again, where the service named them.
    """

    message: str
    status: int
    retry_after_s: int | None = None


# (error, status of the page, message); the first that fits counts
MESSAGES: tuple[tuple[type[Exception], int, str], ...] = (
    (
        UnsupportedImageError,
        200,
        "This file is not a picture in an accepted format. "
        "Choose a JPEG, PNG, WebP or BMP file.",
    ),
    (
        BrokenImageError,
        200,
        "This picture is damaged or cut short. Choose another file.",
    ),
    (
        ServiceUnavailableError,
        503,
        "The service that looks at pictures is not running at the moment. "
        "Nothing was saved; try again in a few minutes.",
    ),
    (
        ServiceTimeoutError,
        504,
        "The service took too long over this picture. "
        "Nothing was saved; try again, perhaps with a smaller one.",
    ),
    (
        WorkerCrashedError,
        502,
        "The service failed while it looked at this picture. "
        "Nothing was saved; try again, or choose another picture.",
    ),
    (
        MimikaError,
        502,
        "The service could not look at this picture. Nothing was saved; try again.",
    ),
    (
        OSError,
        500,
        "The picture could not be stored. Nothing was saved; try again later.",
    ),
)


def explain(error: MimikaError | OSError) -> Failure:
    """What an error means to the person who sent the picture."""
    if isinstance(error, ServiceBusyError):
        return Failure(
            "The service is busy with other pictures. Nothing was saved; "
            f"try again in {error.retry_after_s} s.",
            503,
            error.retry_after_s,
        )
    if isinstance(error, ImageTooLargeError):
        text = str(error)
        return Failure(text[:1].upper() + text[1:] + ".", 200)
    return next(
        Failure(message, status)
        for kind, status, message in MESSAGES
        if isinstance(error, kind)
    )


def concerns_picture(error: MimikaError | OSError) -> bool:
    """Whether the picture is at fault, so that the message belongs beside its field."""
    return isinstance(error, ImageError)
