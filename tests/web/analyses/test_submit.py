from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import IntegrityError

from mimika.web.accounts.models import User
from mimika.web.analyses.models import Analysis, State
from mimika.web.analyses.pictures import Prepared, prepare
from mimika.web.analyses.submit import submit


@pytest.fixture
def prepared(picture_bytes: Callable[..., bytes]) -> Prepared:
    return prepare(picture_bytes())


def folders(media: Path) -> list[Path]:
    return list(media.glob("analyses/*"))


def test_rows_and_pictures_appear_together_and_wait(
    alice: User, prepared: Prepared, media: Path
) -> None:
    sent = [("a.jpg", prepared), ("b.jpg", prepared)]
    made = submit(alice, sent, {"title": "Sea", "note": "At the SEA"})
    stored = Analysis.objects.order_by("original_name")
    assert [(x.original_name, x.state) for x in stored] == [
        ("a.jpg", State.QUEUED),
        ("b.jpg", State.QUEUED),
    ]
    assert {x.owner for x in stored} == {alice}
    assert stored[0].words == "sea at the sea a.jpg"
    assert {folder.name for folder in folders(media)} == {str(x.pk) for x in made}
    for folder in folders(media):
        names = sorted(path.name for path in folder.iterdir())
        assert names == ["original.jpg", "thumbnail.jpg"]


@pytest.mark.django_db(transaction=True)
def test_no_picture_is_left_when_a_row_cannot_be_stored(
    alice: User, prepared: Prepared, media: Path
) -> None:
    alice.delete()
    alice.id = 4711
    with pytest.raises(IntegrityError):
        submit(alice, [("a.jpg", prepared), ("b.jpg", prepared)], {})
    assert not Analysis.objects.exists()
    assert folders(media) == []


def test_no_row_is_left_when_the_disk_is_full(
    alice: User, prepared: Prepared, media: Path
) -> None:
    media.write_text("a file where the folder should be")
    with pytest.raises(OSError, match=str(media)):
        submit(alice, [("a.jpg", prepared)], {})
    assert not Analysis.objects.exists()
