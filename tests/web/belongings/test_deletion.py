import logging
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client

from mimika.web.accounts import pictures
from mimika.web.accounts.models import User
from mimika.web.analyses import files
from mimika.web.analyses.models import Analysis
from mimika.web.belongings.deletion import finish


@pytest.mark.django_db(transaction=True)
def test_the_pictures_of_a_person_and_of_each_result_go_along(
    alice: User, result: Analysis
) -> None:
    pictures.write(alice.pk, b"a picture")
    own = [pictures.folder_of(alice.pk), files.folder_of(result.id)]
    assert all(folder.exists() for folder in own)
    alice.delete()
    assert not any(folder.exists() for folder in own)


@pytest.mark.django_db(transaction=True)
def test_files_stay_when_the_deletion_fails(
    alice: User, result: Analysis, media: Path
) -> None:
    with transaction.atomic():
        alice.delete()
        transaction.set_rollback(True)
    assert User.objects.filter(username="alice").exists()
    assert files.path_of(result.id, "original").exists()


@pytest.mark.django_db(transaction=True)
def test_nothing_of_somebody_else_is_deleted(
    alice: User, charlie: User, as_charlie: Client, result: Analysis
) -> None:
    pictures.write(charlie.pk, b"a picture")
    charlie.delete()
    assert files.path_of(result.id, "original").exists()
    assert list(User.objects.all()) == [alice]


def test_a_folder_that_cannot_be_removed_is_in_the_log(
    media: Path, caplog: pytest.LogCaptureFixture
) -> None:
    stuck = pictures.folder_of(7)
    stuck.parent.mkdir(parents=True)
    stuck.write_text("a file where a folder is expected")
    with caplog.at_level(logging.INFO, "mimika"):
        finish(7)
        finish(8)
    assert "the folder of deleted user 7 is left" in caplog.text
    assert "account deleted: user 7" in caplog.text
    assert "user 8 is left" not in caplog.text
