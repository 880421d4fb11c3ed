from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import IntegrityError

from mimika.core import results
from mimika.core.errors import ServiceBusyError
from mimika.web.accounts.models import User
from mimika.web.analyses.models import Analysis
from mimika.web.analyses.pictures import Prepared, prepare
from mimika.web.analyses.service import ClientTwin
from mimika.web.analyses.submit import marks_of, submit


@pytest.fixture
def prepared(picture_bytes: Callable[..., bytes]) -> Prepared:
    return prepare(picture_bytes())


def folders(media: Path) -> list[Path]:
    return list(media.glob("analyses/*"))


def test_the_row_and_the_three_pictures_appear_together(
    alice: User, prepared: Prepared, twin: ClientTwin, media: Path
) -> None:
    analysis = Analysis(note="at the sea")
    submit(alice, prepared, analysis, twin)
    stored = Analysis.objects.get()
    assert (stored.owner, stored.note) == (alice, "at the sea")
    assert stored.answer == twin.answer
    (folder,) = folders(media)
    assert folder.name == str(stored.id)
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["annotated.jpg", "original.jpg", "thumbnail.jpg"]


def test_the_service_sees_what_is_kept(
    alice: User, prepared: Prepared, twin: ClientTwin, media: Path
) -> None:
    submit(alice, prepared, Analysis(), twin)
    (folder,) = folders(media)
    assert twin.received[0][0] == (folder / "original.jpg").read_bytes()


def test_nothing_is_left_when_the_service_fails(
    alice: User, prepared: Prepared, twin: ClientTwin, media: Path
) -> None:
    twin.answer = ServiceBusyError("full", 3)
    with pytest.raises(ServiceBusyError):
        submit(alice, prepared, Analysis(), twin)
    assert not Analysis.objects.exists()
    assert folders(media) == []


@pytest.mark.django_db(transaction=True)
def test_no_picture_is_left_when_the_row_cannot_be_stored(
    alice: User, prepared: Prepared, twin: ClientTwin, media: Path
) -> None:
    alice.delete()
    alice.id = 4711
    with pytest.raises(IntegrityError):
        submit(alice, prepared, Analysis(), twin)
    assert not Analysis.objects.exists()
    assert folders(media) == []


def test_one_face_has_no_number_and_several_have(
    make_answer: Callable[..., results.Analysis],
) -> None:
    (one,) = marks_of(make_answer("happy"))
    assert (one.text, one.colour, one.box) == (
        "Happy 70 %",
        "#e69f00",
        (10, 30, 50, 60),
    )
    several = marks_of(make_answer("happy", "sad"))
    assert [mark.text for mark in several] == ["1 Happy 70 %", "2 Sad 70 %"]
