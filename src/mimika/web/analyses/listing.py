"""Which of a person's results the history shows, and in which order."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from mimika.web.accounts.models import User
from mimika.web.analyses.forms import SORTS
from mimika.web.analyses.models import Analysis, Face, words_of

LIST_FIELDS = (
    *("id", "owner_id", "created", "title", "note", "original_name", "state"),
    "model_name",
)


def matching(person: User, asked: Mapping[str, Any]) -> QuerySet[Analysis]:
    """A person's own results.

    Args:
        person: whose they are.
        asked: cleaned values of a `HistoryForm`; those that are missing or empty do
            not restrict anything.
    """
    found = person.analyses.order_by(*SORTS.get(asked.get("sort", ""), SORTS["newest"]))
    for word in words_of(asked.get("q", "")).split():
        found = found.filter(words__contains=word)
    if emotion := asked.get("emotion"):
        of_label = Face.objects.filter(label=emotion).values("analysis")
        found = found.filter(pk__in=of_label)
    if state := asked.get("state"):
        found = found.filter(state=state)
    if since := asked.get("since"):
        found = found.filter(created__gte=_midnight(since))
    if until := asked.get("until"):
        found = found.filter(created__lt=_midnight(until + datetime.timedelta(days=1)))
    return found


def for_lists(found: QuerySet[Analysis]) -> QuerySet[Analysis]:
    """The same with their faces, in two queries and without the long answers."""
    faces = Prefetch("faces", Face.objects.only("analysis_id", "number", "label"))
    return found.only(*LIST_FIELDS).prefetch_related(faces)


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))
