"""Two people, a stranger, and a processing service that answers as it is told."""

import io
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from mimika.core.results import Analysis as Answer
from mimika.core.results import Box, Face
from mimika.core.tasks import EMOTION
from mimika.service.schemas import LabelInfo, ModelInfo
from mimika.web.about.evaluation import read_evaluation
from mimika.web.accounts.models import User
from mimika.web.analyses import dispatch, service, states
from mimika.web.analyses.models import Analysis

PASSWORD = "correct horse battery"  # noqa: S105  of people in tests only


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    """The folder for pictures of this test."""
    settings.MEDIA_ROOT = tmp_path / "media"
    folder: Path = tmp_path / "media"
    return folder


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    """What another test left in the memory of this process is forgotten."""
    cache.clear()


def person(name: str) -> User:
    return User.objects.create_user(name, f"{name}@example.org", PASSWORD)


@pytest.fixture
def alice(db: None) -> User:
    return person("alice")


@pytest.fixture
def charlie(db: None) -> User:
    return person("charlie")


@pytest.fixture
def as_alice(alice: User) -> Client:
    client = Client()
    client.force_login(alice)
    return client


@pytest.fixture
def as_charlie(charlie: User) -> Client:
    client = Client()
    client.force_login(charlie)
    return client


@pytest.fixture
def as_staff(db: None) -> Client:
    """Somebody of the staff, who may do everything in the administration."""
    client = Client()
    client.force_login(
        User.objects.create_superuser("root", "root@example.org", PASSWORD)
    )
    return client


def face(label: str = "happy", x: int = 40, top: float = 0.7) -> Face:
    rest = (1 - top) / 6
    probabilities = {key: top if key == label else rest for key in EMOTION.keys}
    return Face(
        box=Box(x, 30, 50, 60),
        score=0.9,
        label=label,
        probability=top,
        probabilities=probabilities,
    )


def answer_of(*faces: Face) -> Answer:
    return Answer(
        width=320,
        height=240,
        faces=faces,
        faces_mode="find",
        detail="fine",
        task="emotion",
        model="test-model",
        model_digest="0123456789abcdef",
    )


@pytest.fixture
def make_answer() -> Callable[..., Answer]:
    """An answer with these labels, from left to right."""

    def make(*labels: str) -> Answer:
        return answer_of(*(face(k, 10 + 80 * i) for i, k in enumerate(labels)))

    return make


@pytest.fixture
def twin(monkeypatch: pytest.MonkeyPatch) -> service.ClientTwin:
    """The processing service of this test; finds one happy face until told else."""
    twin = service.ClientTwin(answer_of(face()))
    monkeypatch.setattr(service, "get_client", lambda: twin)
    return twin


@pytest.fixture
def model() -> ModelInfo:
    """What the service says about the model whose evaluation is in the package."""
    evaluation = read_evaluation()
    labels = (
        LabelInfo(key=x.key, name=x.name, colour=x.colour) for x in EMOTION.labels
    )
    measured = {
        "value": evaluation.accuracy,
        "low": evaluation.accuracy_95[0],
        "high": evaluation.accuracy_95[1],
        "split": evaluation.split,
        "images": evaluation.images,
    }
    return ModelInfo.model_validate(
        {
            "name": "emotion-test",
            "task": "emotion",
            "finds_faces": True,
            "labels": tuple(labels),
            "input_size": 48,
            "input_channels": 1,
            "digest": evaluation.model_digest,
            "metrics": {"accuracy": measured},
            "intended_use": "For tests & teaching.",
            "limits": "Not for anything else.",
            "licence": "MIT",
            "created": "2026-01-01",
            "architecture": "three layers",
            "training_data": "nine pictures",
            "temperature": 1.25,
            "calibrated_on": "PublicTest",
        }
    )


def encode(
    width: int = 320, height: int = 240, form: str = "JPEG", **more: Any
) -> bytes:
    """A picture of a coloured slope, in any format of Pillow's."""
    slope = np.linspace(0, 255, width, dtype=np.uint8)
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[:] = slope[None, :, None]
    pixels[: height // 2, :, 2] = 255
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, form, **more)
    return buffer.getvalue()


@pytest.fixture
def picture_bytes() -> Callable[..., bytes]:
    return encode


@pytest.fixture
def upload() -> Callable[..., SimpleUploadedFile]:
    """A file as a form receives it."""

    def make(data: bytes | None = None, name: str = "photo.jpg") -> SimpleUploadedFile:
        return SimpleUploadedFile(name, encode() if data is None else data)

    return make


def work_off() -> int:
    """Does what is due in the queue; returns how much it was."""
    for done in count():
        analysis = states.claim_next()
        if analysis is None:
            return done
        dispatch.process(analysis)
    raise AssertionError("never reached")


@pytest.fixture
def queue() -> Callable[[], int]:
    return work_off


@pytest.fixture
def waiting(as_alice: Client, twin: service.ClientTwin) -> Analysis:
    """An analysis of Alice's, sent through the form and not yet begun."""
    form = {"pictures": SimpleUploadedFile("photo.jpg", encode()), "note": "at the sea"}
    as_alice.post("/analyses/new/", form)
    return Analysis.objects.get()


@pytest.fixture
def result(waiting: Analysis) -> Analysis:
    """The same with its answer."""
    work_off()
    waiting.refresh_from_db()
    return waiting
