"""The seam to the processing service, and what its failures mean to people."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from django.conf import settings

from mimika.core.errors import (
    ImageError,
    MimikaError,
    ModelError,
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
        model: str | None = None,
        task: str | None = None,
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
        model: str | None = None,
        digest: str | None = None,
        request_id: str | None = None,
    ) -> bytes:
        """Draws what a face's answer depends on, or raises a `MimikaError`."""
        ...

    def models(self) -> Sequence[ModelInfo]:
        """The models that the service has, or raises a `MimikaError`."""
        ...

    def add_model(self, name: str, data: bytes, *, replace: bool = False) -> ModelInfo:
        """Has the service offer a model, or raises a `MimikaError`."""
        ...

    def remove_model(self, name: str) -> None:
        """Has the service forget a model, or raises a `MimikaError`."""
        ...


@dataclass(frozen=True)
class Call:
    """What a twin was asked.

    Attributes:
        data: the picture.
        faces: whether faces are to be looked for.
        detail: how carefully.
        request_id: of the upload.
        model: which one was to answer.
    """

    data: bytes
    faces: FacesMode
    detail: Detail
    request_id: str | None
    model: str | None = None


@dataclass
class ClientTwin:
    """A client without a service: answers, or fails, as it was told.

    Attributes:
        answer: what to return or to raise.
        received: what came to be analysed.
        drawing: what `explain` returns or raises.
        offered: what `models` returns or raises.
        explained: the pictures, faces and sides that were to be explained.
        taken: what `add_model` makes of a file, or raises; None for the first offered.
        added: names and files of the models that were to be added.
    """

    answer: Analysis | MimikaError
    received: list[Call] = field(default_factory=list)
    drawing: bytes | MimikaError = b""
    offered: Sequence[ModelInfo] | MimikaError = ()
    explained: list[tuple[bytes, Face, int]] = field(default_factory=list)
    taken: ModelInfo | MimikaError | None = None
    added: list[tuple[str, bytes]] = field(default_factory=list)

    def analyze(
        self,
        data: bytes,
        *,
        faces: FacesMode = "find",
        detail: Detail = "fine",
        model: str | None = None,
        task: str | None = None,
        request_id: str | None = None,
    ) -> Analysis:
        """Remembers the call, then answers."""
        self.received.append(Call(data, faces, detail, request_id, model))
        return _told(self.answer)

    def explain(
        self,
        data: bytes,
        face: Face,
        *,
        side: int = USUAL_SIDE,
        model: str | None = None,
        digest: str | None = None,
        request_id: str | None = None,
    ) -> bytes:
        """Remembers the call, then answers."""
        self.explained.append((data, face, side))
        return _told(self.drawing)

    def models(self) -> Sequence[ModelInfo]:
        """Answers."""
        return _told(self.offered)

    def add_model(self, name: str, data: bytes, *, replace: bool = False) -> ModelInfo:
        """Offers the first model under that name, too."""
        self.added.append((name, data))
        offered = list(_told(self.offered))
        made = _told(self.taken or offered[0]).model_copy(update={"name": name})
        self.offered = [*offered, made]
        return made

    def remove_model(self, name: str) -> None:
        """Offers it no more."""
        self.offered = [one for one in _told(self.offered) if one.name != name]


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
        admin_key=settings.MIMIKA_SERVICE_ADMIN_KEY,
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
    (
        ModelError,
        "The model that was to look at this picture, or that gave this answer, is not "
        "there any more, or was replaced.",
    ),
    (OSError, "The picture's file cannot be read any more. Send it again."),
    (Exception, "The service could not look at this picture."),
)


def explain(error: Exception) -> str:
    """What an error means to the person who sent the picture."""
    if isinstance(error, ImageError):
        return images.explain(error)
    return next(text for kind, text in MESSAGES if isinstance(error, kind))
