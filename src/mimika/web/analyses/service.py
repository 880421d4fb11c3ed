"""The seam to the processing service, and what its failures mean to people."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from django.conf import settings

from mimika.core.errors import (
    ImageError,
    MimikaError,
    ServiceBusyError,
    ServiceTimeoutError,
    ServiceUnavailableError,
    WorkerCrashedError,
)
from mimika.core.results import Analysis, Detail, Face, FacesMode
from mimika.service.client import ServiceClient
from mimika.service.schemas import USUAL_SIDE, ModelInfo
from mimika.web import images

Outcome = TypeVar("Outcome")


class Client(Protocol):
    """What the application needs of a processing service."""

    def analyze(
        self,
        data: bytes,
        *,
        faces: FacesMode = "find",
        detail: Detail = "fine",
        request_id: str | None = None,
    ) -> Analysis:
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


@dataclass(frozen=True)
class Call:
    """What a twin was asked.

    Attributes:
        data: the picture.
        faces: whether faces are to be looked for.
        detail: how carefully.
        request_id: of the upload.
    """

    data: bytes
    faces: FacesMode
    detail: Detail
    request_id: str | None


@dataclass
class ClientTwin:
    """A client without a service: answers, or fails, as it was told.

    Attributes:
        answer: what to return or to raise.
        received: what came to be analysed.
        drawing: what `explain` returns or raises.
        offered: what `models` returns or raises.
        explained: the pictures, faces and sides that were to be explained.
    """

    answer: Analysis | MimikaError
    received: list[Call] = field(default_factory=list)
    drawing: bytes | MimikaError = b""
    offered: Sequence[ModelInfo] | MimikaError = ()
    explained: list[tuple[bytes, Face, int]] = field(default_factory=list)

    def analyze(
        self,
        data: bytes,
        *,
        faces: FacesMode = "find",
        detail: Detail = "fine",
        request_id: str | None = None,
    ) -> Analysis:
        """Remembers the call, then answers."""
        self.received.append(Call(data, faces, detail, request_id))
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

    It sends nothing again: the queue does, after pauses that it keeps in the database.
    """
    return ServiceClient(
        settings.MIMIKA_SERVICE_URL,
        settings.MIMIKA_SERVICE_TIMEOUT_S,
        retries=0,
        key=settings.MIMIKA_SERVICE_KEY,
    )


# (error, message); the first that fits counts
MESSAGES: tuple[tuple[type[Exception], str], ...] = (
    (
        ServiceUnavailableError,
        "The service that looks at pictures is not running at the moment. "
        "Your picture is kept and is looked at as soon as it is back.",
    ),
    (
        ServiceBusyError,
        "The service is busy with other pictures. Yours is kept and is looked at as "
        "soon as there is room.",
    ),
    (ServiceTimeoutError, "The service took too long over this picture."),
    (WorkerCrashedError, "The service failed while it looked at this picture."),
    (OSError, "The picture's file cannot be read any more. Send it again."),
    (Exception, "The service could not look at this picture."),
)


def explain(error: Exception) -> str:
    """What an error means to the person who sent the picture."""
    if isinstance(error, ImageError):
        return images.explain(error)
    return next(text for kind, text in MESSAGES if isinstance(error, kind))
