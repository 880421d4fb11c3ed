"""The client of the processing service; it needs nothing of the server."""

import random
import time
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import quote

import requests
from pydantic import BaseModel, ValidationError

from mimika.core.errors import (
    ConfigError,
    MimikaError,
    ServiceBusyError,
    ServiceError,
    ServiceTimeoutError,
    ServiceUnavailableError,
)
from mimika.core.listening import is_http
from mimika.core.results import Analysis, Detail, Face, FacesMode
from mimika.service.problems import PROBLEM_JSON, URN, to_error
from mimika.service.schemas import (
    ADMIN_HEADER,
    KEY_HEADER,
    USUAL_SIDE,
    FaceToExplain,
    ModelInfo,
    ModelList,
    Problem,
)

CONNECT_TIMEOUT_S = 3.05
READY_TIMEOUT_S = 3.0
ADD_TIMEOUT_S = 150.0  # the service takes up to two minutes to receive a large one
MODELS_TIMEOUT_S = 5.0  # the service has them at hand
PNG_START = b"\x89PNG\r\n\x1a\n"

# Then nothing was done, so that the request may be sent again.
PASSING = (ServiceUnavailableError, ServiceBusyError)
FIRST_PAUSE_S = 0.2

Value = TypeVar("Value")
Model = TypeVar("Model", bound=BaseModel)
Reader = Callable[[requests.Response], Value]


class ServiceClient:
    """Asks a processing service over HTTP.

    It holds no connection and may be shared between threads. A proxy of the
    environment is not used, so that pictures go to the service and nowhere else.
    """

    def __init__(
        self,
        base_url: str,
        timeout_s: float = 30.0,
        *,
        retries: int = 2,
        key: str | None = None,
        admin_key: str | None = None,
    ) -> None:
        """Remembers where the service is; nothing is sent yet.

        Args:
            base_url: for example `http://127.0.0.1:8100`.
            timeout_s: longest wait for an answer; choose it above the service's own
                deadline, whose error says more.
            retries: how often a request is sent again that got no connection, no free
                place or a service that is starting or stopping, after a growing pause
                of random length. What took too long or killed workers is not.
            key: the service's key, if it has one.
            admin_key: what allows adding and removing models.

        Raises:
            ConfigError: the address is none.
        """
        if not is_http(base_url):
            raise ConfigError(
                f"{base_url!r} is no address of a service; expected one such as "
                "http://127.0.0.1:8100"
            )
        self.base_url = base_url.rstrip("/")
        self.timeout_s = timeout_s
        self._retries = retries
        self._key = key
        self._admin_key = admin_key

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
        """Analyses a picture.

        Args:
            data: the bytes of a JPEG, PNG, WebP or BMP file.
            faces: `find` looks for faces, `whole` takes the whole picture as one.
            detail: how carefully faces are looked for.
            model: name of the model that is to answer.
            task: the task that is to be answered, where no model is named.
            request_id: named in the service's log and in its errors.

        Raises:
            ModelError: the service has no such model or task.
            ServiceKeyError: the service has a key, and ours is not it.
            UnsupportedImageError: not an accepted format.
            ImageTooLargeError: over a limit of the service.
            BrokenImageError: truncated or damaged.
            ServiceBusyError: its queue is full; see `retry_after_s`.
            ServiceTimeoutError: no answer before a deadline, the service's or ours.
            WorkerCrashedError: the processes that did the work died.
            ServiceUnavailableError: nobody answers, or it is starting or stopping.
            ServiceError: any other failure.
        """
        return self._ask(
            _reader_of(Analysis),
            "POST",
            "/v1/analyze",
            timeout_s=self.timeout_s,
            files=_file(data),
            data=_given(faces=faces, detail=detail, model=model, task=task),
            headers=_named(request_id),
        )

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
        """Draws which parts of a face its answer depends on.

        Args:
            data: the bytes of the picture that was analysed.
            face: of the answer; it may have been read from JSON.
            side: height and width of the drawing in pixels, 48..512.
            model: name of the model that gave the answer.
            digest: of that model's weights; another one is refused.
            request_id: named in the service's log and in its errors.

        Returns:
            The bytes of a PNG file: the face, warm where it speaks for its class and
            cold where it speaks against it.

        Raises:
            InputError: the face is not of this picture, or of another model.
            ConfigError: an impossible side.
            MimikaError: as `analyze` does.
        """
        return self._ask(
            _read_png,
            "POST",
            "/v1/explain",
            timeout_s=self.timeout_s,
            files=_file(data),
            data=_given(face=_json_of(face), side=side, model=model, digest=digest),
            headers=_named(request_id),
        )

    def models(self) -> list[ModelInfo]:
        """The models that the service offers.

        Raises:
            ServiceUnavailableError: nobody answers, or it is starting or stopping.
            ServiceError: any other failure.
        """
        wait_s = min(self.timeout_s, MODELS_TIMEOUT_S)
        read = _reader_of(ModelList)
        return list(self._ask(read, "GET", "/v1/models", timeout_s=wait_s).models)

    def add_model(self, name: str, data: bytes, *, replace: bool = False) -> ModelInfo:
        """Has the service offer a model.

        Args:
            name: under which.
            data: the bytes of an ONNX file that mimika wrote.
            replace: whether one of this name may be replaced.

        Raises:
            ModelError: a name or a file that cannot be used; the message says why.
            ServiceKeyError: the admin key is not the service's.
            ServiceError: the service has no admin key, or any other failure.
        """
        return self._ask(
            _reader_of(ModelInfo),
            "POST",
            "/v1/models",
            timeout_s=max(self.timeout_s, ADD_TIMEOUT_S),
            files=_file(data),
            data=_given(name=name, replace="true" if replace else None),
            headers=self._as_admin(),
        )

    def remove_model(self, name: str) -> None:
        """Has the service forget a model.

        Raises:
            ModelError: it has none of this name that was added.
            MimikaError: as `add_model`.
        """
        self._manage("DELETE", f"/v1/models/{quote(name, safe='')}")

    def set_default_model(self, name: str) -> None:
        """Has a model answer where nothing is asked for.

        Raises:
            MimikaError: as `remove_model`.
        """
        self._manage("PUT", f"/v1/models/{quote(name, safe='')}/default")

    def _manage(self, method: str, path: str) -> None:
        wait_s = min(self.timeout_s, MODELS_TIMEOUT_S)
        headers = self._as_admin()
        self._ask(_check_ok, method, path, timeout_s=wait_s, headers=headers)

    def _as_admin(self) -> dict[str, str]:
        return {} if self._admin_key is None else {ADMIN_HEADER: self._admin_key}

    def ready(self) -> bool:
        """Whether the service is up with all its workers; never raises."""
        try:
            return self._send("GET", "/readyz", timeout_s=READY_TIMEOUT_S).ok
        except ServiceError:
            return False

    def _ask(
        self, read: Reader[Value], method: str, path: str, **content: Any
    ) -> Value:
        """Sends a request, again where that is safe, and reads the answer."""
        for retry in range(self._retries):
            try:
                return read(self._send(method, path, **content))
            except PASSING as error:
                time.sleep(pause_s(retry, error))
        return read(self._send(method, path, **content))

    def _send(
        self, method: str, path: str, *, timeout_s: float, **content: Any
    ) -> requests.Response:
        url = self.base_url + path
        try:
            with requests.Session() as session:
                session.trust_env = False
                if self._key is not None:
                    session.headers[KEY_HEADER] = self._key
                return session.request(
                    method, url, timeout=(CONNECT_TIMEOUT_S, timeout_s), **content
                )
        except requests.ConnectTimeout as error:
            raise _unavailable(self.base_url, error) from error
        except requests.Timeout as error:
            raise ServiceTimeoutError(
                f"no answer from {url} within {timeout_s:g} s; try again, or give the "
                "client a longer timeout"
            ) from error
        except requests.RequestException as error:
            raise _unavailable(self.base_url, error) from error


def _file(data: bytes) -> dict[str, tuple[str, bytes, str]]:
    return {"file": ("picture", data, "application/octet-stream")}


def _given(**fields: str | int | None) -> dict[str, str | int]:
    """The fields of a form that have a value."""
    return {name: value for name, value in fields.items() if value is not None}


def _named(request_id: str | None) -> dict[str, str]:
    return {} if request_id is None else {"X-Request-ID": request_id}


def _json_of(face: Face) -> str:
    """What the service needs to know of a face."""
    return face.model_dump_json(include=set(FaceToExplain.model_fields))


def _reader_of(form: type[Model]) -> Reader[Model]:
    """Reads answers of this form."""

    def read(response: requests.Response) -> Model:
        _check_ok(response)
        try:
            return form.model_validate_json(response.content)
        except ValidationError as error:
            raise _strange(response, form.__name__) from error

    return read


def _read_png(response: requests.Response) -> bytes:
    _check_ok(response)
    if not response.content.startswith(PNG_START):
        raise _strange(response, "a PNG picture")
    return response.content


def _strange(response: requests.Response, expected: str) -> ServiceError:
    return ServiceError(
        f"{response.url} answered something that is not {expected}; is another "
        "program, or another version of mimika, listening there?"
    )


def _check_ok(response: requests.Response) -> None:
    if not response.ok:
        raise _error_of(response)


def pause_s(retry: int, error: Exception) -> float:
    """Seconds before a request is sent again, at least those that were asked for.

    The pause doubles from retry to retry, and is drawn from its half to its whole, so
    that clients that failed together do not come back together.

    Args:
        retry: 0 for the first.
        error: why it is sent again.
    """
    asked: int = error.retry_after_s if isinstance(error, ServiceBusyError) else 0
    return asked + FIRST_PAUSE_S * 2.0**retry * random.uniform(0.5, 1)  # noqa: S311


def _unavailable(base_url: str, error: Exception) -> ServiceUnavailableError:
    return ServiceUnavailableError(
        f"the processing service at {base_url} does not answer "
        f"({type(error).__name__}); start it with 'mimika serve' or check the address"
    )


def _error_of(response: requests.Response) -> MimikaError:
    """The error that a response of status 400 or more tells of."""
    kind = response.headers.get("Content-Type", "").partition(";")[0]
    try:
        if kind != PROBLEM_JSON:
            raise ValueError(kind)
        problem = Problem.model_validate_json(response.content)
    except ValueError:
        return ServiceError(
            f"{response.url} answered {response.status_code} {response.reason} "
            "without saying why; is another program listening there?"
        )
    slug = problem.type.removeprefix(URN)
    return to_error(slug, problem.detail or problem.title, _retry_after_s(response))


def _retry_after_s(response: requests.Response) -> int:
    """Whole seconds of `Retry-After`; 1 where it is absent or a date."""
    value = response.headers.get("Retry-After", "")
    return int(value) if value.isascii() and value.isdigit() else 1
