"""Removes what nobody needs any more; safe to run beside the servers."""

import logging
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.utils import timezone

from mimika.web.analyses import files
from mimika.web.analyses.models import Analysis

logger = logging.getLogger(__name__)

# Files are written before their row: what is younger may still get one.
YOUNGEST_S = 3600.0


@dataclass(frozen=True)
class Cleaned:
    """What was removed.

    Attributes:
        folders: pictures without a result.
        results: results older than they are kept.
    """

    folders: int
    results: int


def clean(keep_days: int | None) -> Cleaned:
    """Removes pictures without a result, and results that are too old.

    Args:
        keep_days: how long results are kept; None for ever. What still waits stays.
    """
    removed = 0
    if keep_days is not None:
        limit = timezone.now() - timedelta(days=keep_days)
        old = Analysis.objects.filter(created__lt=limit, state__in=("done", "failed"))
        removed = old.delete()[1].get("analyses.Analysis", 0)
    orphans = list(_orphans())
    for folder in orphans:
        shutil.rmtree(folder, ignore_errors=True)
    logger.info("removed %d folders and %d results", len(orphans), removed)
    return Cleaned(len(orphans), removed)


def _orphans() -> Iterator[Path]:
    """Folders of no analysis, an hour old and more."""
    oldest_kept = time.time() - YOUNGEST_S
    for folder in files.root().glob("*/"):
        if not _is_older(folder, oldest_kept):
            continue
        try:
            known = Analysis.objects.filter(pk=UUID(folder.name)).exists()
        except ValueError:
            known = False  # no name of ours
        if not known:
            yield folder


def _is_older(folder: Path, than: float) -> bool:
    """Whether a folder is; one that its owner deletes at this moment is not."""
    try:
        return folder.stat().st_mtime <= than
    except FileNotFoundError:
        return False
