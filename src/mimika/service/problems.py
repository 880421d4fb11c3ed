"""One table between the error tree and the problems of RFC 9457, read in both ways.

The service turns errors into problems, the client turns problems into errors, and a
worker process names an error to its parent by the same key.
"""

from dataclasses import dataclass

from mimika.core.errors import (
    BrokenImageError,
    ConfigError,
    ImageTooLargeError,
    InputError,
    MimikaError,
    ModelError,
    ServiceBusyError,
    ServiceError,
    ServiceKeyError,
    ServiceTimeoutError,
    ServiceUnavailableError,
    UnsupportedImageError,
    WorkerCrashedError,
)
from mimika.service.schemas import Problem

URN = "urn:mimika:problem:"
PROBLEM_JSON = "application/problem+json"


@dataclass(frozen=True)
class Kind:
    """A kind of error.

    Attributes:
        error: its class.
        status: its HTTP status code.
        title: its name for people.
    """

    error: type[MimikaError]
    status: int
    title: str


# From the special to the general: the first that fits an error is taken.
KINDS: dict[str, Kind] = {
    "unsupported-image": Kind(UnsupportedImageError, 415, "Not an accepted picture"),
    "image-too-large": Kind(ImageTooLargeError, 413, "The picture is too large"),
    "broken-image": Kind(BrokenImageError, 422, "The picture cannot be decoded"),
    "unknown-model": Kind(ModelError, 422, "No such model or task"),
    "invalid-option": Kind(ConfigError, 422, "An option cannot be used"),
    "invalid-request": Kind(InputError, 422, "The request cannot be used"),
    "wrong-key": Kind(ServiceKeyError, 401, "Wrong or missing key"),
    "busy": Kind(ServiceBusyError, 503, "The service is busy"),
    "unavailable": Kind(ServiceUnavailableError, 503, "The service is not available"),
    "deadline": Kind(ServiceTimeoutError, 504, "The deadline has passed"),
    "worker-crashed": Kind(WorkerCrashedError, 503, "Worker processes died"),
    "internal": Kind(ServiceError, 500, "The service has failed"),
}


def slug_of(error: Exception) -> str:
    """The key of the first kind that fits; `internal` for an unforeseen error."""
    fits = (slug for slug, kind in KINDS.items() if isinstance(error, kind.error))
    return next(fits, "internal")


def to_problem(error: Exception, request_id: str) -> Problem:
    """The problem that tells a client of an error.

    An unforeseen error's own words stay in the log: they may name files or data.
    """
    slug = slug_of(error)
    detail = str(error)
    if not isinstance(error, MimikaError):
        detail = "an unforeseen error; the service's log has it under the request id"
    kind = KINDS[slug]
    return Problem(
        type=URN + slug,
        title=kind.title,
        status=kind.status,
        detail=detail,
        request_id=request_id,
    )


def to_error(slug: str, detail: str, retry_after_s: int = 1) -> MimikaError:
    """The error of a kind: the way back from `slug_of`.

    Args:
        slug: key of `KINDS`; an unknown one gives a `ServiceError`.
        detail: its message.
        retry_after_s: seconds after which to try again, for a busy service.
    """
    error = KINDS[slug].error if slug in KINDS else ServiceError
    if error is ServiceBusyError:
        return ServiceBusyError(detail, retry_after_s)
    return error(detail)
