"""Pictures go when their result goes, and not before."""

from collections.abc import Callable

import pytest
from django.db import transaction

from mimika.web.accounts.models import User
from mimika.web.analyses import files
from mimika.web.analyses.models import Analysis


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "delete",
    [
        lambda one: one.delete(),
        lambda one: Analysis.objects.filter(pk=one.pk).delete(),
        lambda one: User.objects.filter(pk=one.owner_id).delete(),
    ],
    ids=["by itself", "with others", "with its owner"],
)
def test_a_result_takes_its_pictures_along_however_it_is_deleted(
    delete: Callable[[Analysis], object], result: Analysis
) -> None:
    folder = files.folder_of(result.pk)
    assert folder.is_dir()
    delete(result)
    assert not folder.exists()


@pytest.mark.django_db(transaction=True)
def test_a_deletion_that_is_taken_back_leaves_the_pictures(result: Analysis) -> None:
    with transaction.atomic():
        result.delete()
        transaction.set_rollback(True)
    assert files.path_of(Analysis.objects.get().pk, "original").is_file()
