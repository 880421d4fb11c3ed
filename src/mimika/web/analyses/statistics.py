"""What a person's results say together: emotions, months, and who agrees with whom."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mimika.core.tasks import EMOTION
from mimika.web.accounts.models import User
from mimika.web.accounts.requests import PersonRequest
from mimika.web.analyses.models import Face, State

MONTHS = 12


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
    faces = Face.objects.filter(analysis__owner=request.user)
    context = {
        "emotions": emotions_of(faces.values_list("label").annotate(Count("pk"))),
        "months": months_of(request.user),
        "agreement": agreement_of(
            faces.exclude(opinion="")
            .values_list("opinion", "label")
            .annotate(Count("pk"))
        ),
        "names": EMOTION.names,
    }
    return render(request, "analyses/statistics.html", context)


def emotions_of(counts: Iterable[tuple[str, int]]) -> list[Amount]:
    """Bars of all emotions in the task's order.

    Args:
        counts: keys and how many faces have them.
    """
    by_key = dict(counts)
    found = [(x.name, x.colour, by_key.get(x.key, 0)) for x in EMOTION.labels]
    return _amounts(found)


def months_of(person: User) -> list[Amount]:
    """Bars of the latest months in which something was done, oldest first."""
    rows = (
        person.analyses.filter(state=State.DONE)
        .annotate(month=TruncMonth("created"))
        .order_by("-month")
        .values_list("month")
        .annotate(Count("pk"))[:MONTHS]
    )
    return _amounts([(f"{month:%B %Y}", "", count) for month, count in rows][::-1])


def agreement_of(counts: Iterable[tuple[str, str, int]]) -> Agreement:
    """How often the model and people see the same.

    Args:
        counts: the key that people see, the key that the model said, and how often.
    """
    found = {(seen, said): count for seen, said, count in counts}
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
