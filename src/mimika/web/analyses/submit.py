"""What happens when somebody sends a picture: ask the service, draw, store."""

import logging

from django.db import transaction

from mimika.web.accounts.models import User
from mimika.web.analyses import files
from mimika.web.analyses.models import Analysis
from mimika.web.analyses.pictures import Prepared, draw
from mimika.web.analyses.presentation import marks_of
from mimika.web.analyses.service import Client
from mimika.web.request_id import current_request_id

logger = logging.getLogger(__name__)


def submit(owner: User, picture: Prepared, analysis: Analysis, client: Client) -> None:
    """Has a picture analysed and stores all of it, or nothing.

    Args:
        owner: who sent it.
        picture: what was sent.
        analysis: a new one that holds the note and the name, not yet saved.
        client: where the answer comes from.

    Raises:
        MimikaError: there is no answer.
        OSError: the pictures cannot be written.
    """
    answer = client.analyze(picture.encoded, request_id=current_request_id())
    analysis.owner = owner
    analysis.result = answer.model_dump(mode="json")
    pictures = {"original": picture.encoded, **draw(picture.pixels, marks_of(answer))}
    with files.written(analysis.id, pictures), transaction.atomic():
        analysis.save(force_insert=True)
    logger.info("analysis %s: %d faces", analysis.id, len(answer.faces))
