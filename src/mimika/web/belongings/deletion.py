"""Files go with their person, whoever deletes them: themselves or the staff.

The database deletes the rows. The files follow after the transaction, so that nothing
is lost when it fails.
"""

import logging
import shutil
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import pre_delete

from mimika.web.accounts import pictures
from mimika.web.accounts.models import User

logger = logging.getLogger(__name__)


def connect() -> None:
    """Begins to watch for deletions; again has no effect."""
    pre_delete.connect(before_deletion, sender=User, dispatch_uid="belongings.deletion")


def before_deletion(instance: User, **_: Any) -> None:
    """Notes the number, as long as the row still tells it."""
    transaction.on_commit(partial(finish, instance.pk), robust=True)


def finish(user_id: int) -> None:
    """Removes the person's own picture; each result takes its pictures along itself."""
    try:
        shutil.rmtree(pictures.folder_of(user_id))
    except FileNotFoundError:
        pass  # there was none
    except OSError:
        logger.exception("the folder of deleted user %d is left", user_id)
    logger.info("account deleted: user %d", user_id)
