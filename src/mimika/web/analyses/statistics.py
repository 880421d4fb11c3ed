"""What a person's results say together: emotions, months, and who agrees with whom."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import dropwhile, pairwise

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from mimika.core.tasks import EMOTION
from mimika.web.accounts.models import User
from mimika.web.accounts.requests import PersonRequest
from mimika.web.analyses import catalogue
from mimika.web.analyses.models import Face, State

MONTHS = 12
# the key that people see, empty where they said nothing; what the model said; how often
Counted = tuple[str, str, int]


@dataclass(frozen=True)
class Amount:
    """A bar of a chart.

    Attributes:
        name: what is counted.
        colour: of the bar, `#rrggbb`; empty for the page's own.
        count: how many.
        width: length of the bar in 0..100, as SVG wants it.
    """

    name: str
    colour: str
    count: int
    width: str


@dataclass(frozen=True)
class Row:
    """What the model said of the faces in which people see one emotion.

    Attributes:
        name: the emotion that people see.
        cells: how many, by what the model said, and whether it said the same.
        total: of all of them.
    """

    name: str
    cells: tuple[tuple[int, bool], ...]
    total: int


@dataclass(frozen=True)
class Agreement:
    """The model against people.

    Attributes:
        judged: faces about which somebody said what they see.
        agreed: of these, those in which the model sees the same.
        rows: a row for each emotion that people can see.
    """

    judged: int
    agreed: int
    rows: tuple[Row, ...]

    @property
    def percent(self) -> int:
        """Of the judged faces, how many in a hundred are agreed on."""
        return round(100 * self.agreed / self.judged) if self.judged else 0


@require_safe
def page(request: PersonRequest) -> HttpResponse:
    """A person's own figures."""
    faces = Face.objects.filter(
        catalogue.is_about_emotions("analysis__"),
        analysis__owner=request.user,
        label__in=EMOTION.keys,
    ).order_by()
    counts = list(faces.values_list("opinion", "label").annotate(Count("pk")))
    context = {
        "emotions": emotions_of(counts),
        "months": months_of(request.user),
        "agreement": agreement_of(counts),
        "names": EMOTION.names,
    }
    return render(request, "analyses/statistics.html", context)


def emotions_of(counts: Iterable[Counted]) -> list[Amount]:
    """Bars of all emotions in the task's order.

    Args:
        counts: faces by what people and the model see in them.
    """
    by_key: Counter[str] = Counter()
    for _, said, count in counts:
        by_key[said] += count
    return _amounts([(x.name, x.colour, by_key[x.key]) for x in EMOTION.labels])


def months_of(person: User) -> list[Amount]:
    """Bars of the twelve months up to the latest result, oldest first.

    Months before the first result of these are left out. The database compares dates
    and does not cut them off: SQLite would ask Python for the month of each row.
    """
    done = person.analyses.filter(state=State.DONE)
    latest = done.order_by("-created").values_list("created", flat=True).first()
    if latest is None:
        return []
    starts = _months_until(timezone.localtime(latest))
    asked = {
        f"{start:month_%Y_%m}": Count(
            "created", filter=Q(created__gte=start, created__lt=end)
        )
        for start, end in pairwise(starts)
    }
    found = done.filter(created__gte=starts[0]).aggregate(**asked)
    counts = zip(starts, asked, strict=False)  # the last one is an end
    months = [(f"{start:%B %Y}", "", found[key]) for start, key in counts]
    return _amounts(list(dropwhile(lambda month: not month[-1], months)))


def _months_until(latest: datetime) -> list[datetime]:
    """When the twelve months up to this moment begin, and when the last one ends."""
    last = 12 * latest.year + latest.month - 1
    months = (divmod(last + step, 12) for step in range(1 - MONTHS, 2))
    return [timezone.make_aware(datetime(y, m + 1, 1)) for y, m in months]  # noqa: DTZ001  made aware


def agreement_of(counts: Iterable[Counted]) -> Agreement:
    """How often the model and people see the same.

    Args:
        counts: faces by what people and the model see in them; those of which people
            said nothing do not count.
    """
    found = {(seen, said): count for seen, said, count in counts if seen}
    rows = tuple(_row(label.key, label.name, found) for label in EMOTION.labels)
    agreed = sum(count for (seen, said), count in found.items() if seen == said)
    return Agreement(sum(found.values()), agreed, rows)


def _row(seen: str, name: str, found: Mapping[tuple[str, str], int]) -> Row:
    cells = tuple((found.get((seen, x), 0), seen == x) for x in EMOTION.keys)
    return Row(name, cells, sum(count for count, _ in cells))


def _amounts(found: Sequence[tuple[str, str, int]]) -> list[Amount]:
    most = max((count for *_, count in found), default=0) or 1
    return [
        Amount(name, colour, count, f"{100 * count / most:.2f}")
        for name, colour, count in found
    ]
