"""What `mimika web clean` does, in every part of the application."""

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from mimika.web.analyses import cleaning
from mimika.web.throttles import bucket


def clean_up(keep_days: int | None) -> dict[str, int]:
    """Removes what nobody needs any more.

    Args:
        keep_days: how long results are kept; None for what the settings say.

    Returns:
        How many of each kind were removed, by words for people.
    """
    kept = settings.MIMIKA_KEEP_DAYS if keep_days is None else keep_days
    # Rows first: a database without our tables stops here, before files are removed.
    call_command("clearsessions")
    limits = bucket.clean(timezone.now())
    cleaned = cleaning.clean(kept)
    return {
        "pictures without a result": cleaned.folders,
        "results that were kept long enough": cleaned.results,
        "limits that are over": limits,
    }
