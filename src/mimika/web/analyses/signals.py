"""A result that is deleted takes its pictures along, whoever deletes it."""

from functools import partial
from typing import Any

from django.db import transaction

from mimika.web.analyses import files
from mimika.web.analyses.models import Analysis


def remove_pictures(instance: Analysis, **_: Any) -> None:
    """Removes them once the deletion is certain."""
    transaction.on_commit(partial(files.remove, [instance.pk]))
