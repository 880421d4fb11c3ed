"""Files go with their person, whoever deletes them: themselves or the staff.

The database deletes the rows. The files follow after the transaction, so that nothing
is lost when it fails.
"""

import logging
import shutil
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models.signals import pre_delete

from mimika.web.accounts import pictures
from mimika.web.accounts.models import User
from mimika.web.analyses import files

logger = logging.getLogger(__name__)


def connect() -> None:
    """Begins to watch for deletions; again has no effect."""
    pre_delete.connect(before_deletion, sender=User, dispatch_uid="belongings.deletion")


def folders(person: User) -> Iterator[Path]:
    """Every folder that holds files of somebody, whether it exists or not."""
    yield pictures.folder_of(person.pk)
    for analysis_id in person.analyses.values_list("pk", flat=True):
        yield files.folder_of(analysis_id)


def before_deletion(instance: User, **_: Any) -> None:
    """Notes the folders, as long as the rows still tell them."""
    after = partial(finish, instance.pk, list(folders(instance)))
    transaction.on_commit(after, robust=True)


def finish(user_id: int, gone: Sequence[Path]) -> None:
    """Removes folders; one that cannot be removed does not keep the others."""
    for folder in gone:
        try:
            shutil.rmtree(folder)
        except FileNotFoundError:
            continue
        except OSError:
            logger.exception("a folder of deleted user %d is left", user_id)
    logger.info("account deleted: user %d", user_id)
