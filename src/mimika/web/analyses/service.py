"""The seam to the processing service, and what its failures mean to people."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

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
from mimika.core.results import Analysis, Face
from mimika.service.client import ServiceClient
from mimika.service.schemas import USUAL_SIDE, ModelInfo

Outcome = TypeVar("Outcome")


class Client(Protocol):
    """What the application needs of a processing service."""

    def analyze(self, data: bytes, *, request_id: str | None = None) -> Analysis:
        """Analyses a picture, or raises a `MimikaError`."""
        ...

    def explain(
        self,
        data: bytes,
        face: Face,
        *,
        side: int = USUAL_SIDE,
        request_id: str | None = None,
    ) -> bytes:
        """Draws what a face's answer depends on, or raises a `MimikaError`."""
        ...

    def models(self) -> Sequence[ModelInfo]:
        """The models that the service has, or raises a `MimikaError`."""
        ...


@dataclass
class ClientTwin:
    """A client without a service: answers, or fails, as it was told.

    Attributes:
        answer: what to return or to raise.
        received: the pictures and request ids that came.
        drawing: what `explain` returns or raises.
        offered: what `models` returns or raises.
        explained: the pictures, faces and sides that were to be explained.
    """

    answer: Analysis | MimikaError
    received: list[tuple[bytes, str | None]]
    drawing: bytes | MimikaError = b""
    offered: Sequence[ModelInfo] | MimikaError = ()
    explained: list[tuple[bytes, Face, int]] = field(default_factory=list)

    def analyze(self, data: bytes, *, request_id: str | None = None) -> Analysis:
        """Remembers the call, then answers."""
        self.received.append((data, request_id))
        return _told(self.answer)

    def explain(
        self,
        data: bytes,
        face: Face,
        *,
        side: int = USUAL_SIDE,
        request_id: str | None = None,
    ) -> bytes:
        """Remembers the call, then answers."""
        self.explained.append((data, face, side))
        return _told(self.drawing)

    def models(self) -> Sequence[ModelInfo]:
        """Answers."""
        return _told(self.offered)


def _told(outcome: Outcome | MimikaError) -> Outcome:
    if isinstance(outcome, MimikaError):
        raise outcome
    return outcome


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
