"""The application on a live server, with two faces on a photograph of Alice's."""

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.tokens import default_token_generator
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from playwright.sync_api import BrowserContext
from pytest_django.live_server_helper import LiveServer

from mimika.core.errors import BrokenImageError, ServiceUnavailableError
from mimika.core.results import Analysis as Answer
from mimika.core.results import Box, Face
from mimika.core.tasks import EMOTION
from mimika.web.accounts.models import User
from mimika.web.analyses import dispatch, files, service, states
from mimika.web.analyses.models import Analysis, State


@pytest.fixture(autouse=True, scope="package")
def loop_beside_django() -> Iterator[None]:
    """Playwright leaves an event loop running, in which Django would refuse to work."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


@pytest.fixture(scope="session")
def live_server() -> Iterator[LiveServer]:
    """A server whose static files come from WhiteNoise, with its headers, as in life.

    pytest-django's own lets Django serve them.
    """
    with pytest.MonkeyPatch.context() as patch:
        handler = "django.contrib.staticfiles.handlers.StaticFilesHandler"
        patch.setattr(handler, lambda application: application)
        server = LiveServer("localhost")
    yield server
    server.stop()


def face(label: str, box: Box) -> Face:
    probabilities = {k: 0.7 if k == label else 0.05 for k in EMOTION.keys}
    return Face(
        box=box, score=0.9, label=label, probability=0.7, probabilities=probabilities
    )


@pytest.fixture
def twin(monkeypatch: pytest.MonkeyPatch) -> service.ClientTwin:
    """A processing service that finds the same two faces on every picture."""
    faces = (
        face("happy", Box(174, 121, 182, 211)),
        face("sad", Box(20, 380, 90, 90)),
    )
    answer = Answer(
        width=512,
        height=600,
        faces=faces,
        faces_mode="find",
        detail="fine",
        task="emotion",
        model="test-model",
        model_digest="0123456789abcdef",
    )
    twin = service.ClientTwin(answer, drawing=b"", offered=[])
    monkeypatch.setattr(service, "get_client", lambda: twin)
    return twin


@pytest.fixture
def address(live_server: Any, settings: Any, tmp_path: Path) -> str:
    """Where the application answers."""
    settings.MEDIA_ROOT = tmp_path / "media"
    url: str = live_server.url
    return url


@pytest.fixture
def alice(address: str) -> User:
    return User.objects.create_user("alice", "alice@example.org", "correct horse 7")


@pytest.fixture
def as_alice(alice: User) -> Client:
    client = Client()
    client.force_login(alice)
    return client


@pytest.fixture
def analysis(as_alice: Client, twin: service.ClientTwin, photograph: Path) -> Analysis:
    """A result of Alice's."""
    upload = SimpleUploadedFile("hopper.jpg", photograph.read_bytes())
    as_alice.post("/analyses/new/", {"pictures": upload, "note": "Rear admiral"})
    claimed = states.claim_next()
    assert claimed is not None
    dispatch.process(claimed)
    return Analysis.objects.get()


@pytest.fixture
def waiting(alice: User, analysis: Analysis) -> Analysis:
    """A picture of Alice's that waits for a service which is not there."""
    problem = service.explain(ServiceUnavailableError("closed port"))
    later = timezone.now() + timedelta(hours=1)
    return _like(analysis, State.QUEUED, problem=problem, due=later)


@pytest.fixture
def failed(alice: User, analysis: Analysis) -> Analysis:
    """A picture of Alice's that was refused."""
    problem = service.explain(BrokenImageError("cut short"))
    return _like(analysis, State.FAILED, problem=problem)


def _like(analysis: Analysis, state: State, **fields: Any) -> Analysis:
    """The same picture once more, in another state."""
    made = Analysis.objects.create(owner=analysis.owner, state=state, **fields)
    shutil.copytree(files.folder_of(analysis.pk), files.folder_of(made.pk))
    return made


@pytest.fixture
def known(
    alice: User, analysis: Analysis, waiting: Analysis, failed: Analysis
) -> dict[str, str]:
    """What stands for the names in braces in the addresses of `tools/pages.py`."""
    return {
        "analysis_id": str(analysis.id),
        "waiting_id": str(waiting.id),
        "failed_id": str(failed.id),
        "number": "1",
        "uidb64": urlsafe_base64_encode(force_bytes(alice.pk)),
        "token": default_token_generator.make_token(alice),
    }


@pytest.fixture
def log_in(as_alice: Client, address: str) -> Callable[[BrowserContext], None]:
    """Gives a browser Alice's cookie."""
    name = django_settings.SESSION_COOKIE_NAME
    value = as_alice.cookies[name].value

    def give(context: BrowserContext) -> None:
        context.add_cookies([{"name": name, "value": value, "url": address}])

    return give
