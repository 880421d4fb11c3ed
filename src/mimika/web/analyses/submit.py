"""What happens when somebody sends pictures: they are stored and queued."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from mimika.web.accounts.models import User
from mimika.web.analyses import dispatch, files
from mimika.web.analyses.models import Analysis, words_of
from mimika.web.analyses.pictures import Prepared, thumbnail
from mimika.web.request_id import current_request_id

logger = logging.getLogger(__name__)


def submit(
    owner: User, uploads: Sequence[tuple[str, Prepared]], about: Mapping[str, Any]
) -> list[Analysis]:
    """Stores pictures and queues them, all or none.

    Args:
        owner: who sent them.
        uploads: the name that each file had, and the picture.
        about: fields of `Analysis` that all of them share.

    Raises:
        OSError: the pictures cannot be written; nothing is stored.
    """
    made = [
        Analysis(
            owner=owner,
            original_name=name,
            words=words_of(about.get("title", ""), about.get("note", ""), name),
            request_id=current_request_id(),
            **about,
        )
        for name, _ in uploads
    ]
    pictures: dict[UUID, files.Pictures] = {
        analysis.id: {
            "original": picture.encoded,
            "thumbnail": thumbnail(picture.pixels),
        }
        for analysis, (_, picture) in zip(made, uploads, strict=True)
    }
    with files.written(pictures), transaction.atomic():
        for analysis in made:
            analysis.save(force_insert=True)
    transaction.on_commit(lambda: dispatch.wake(len(made)))
    logger.info("person %s sent %d pictures", owner.pk, len(made))
    return made
