"""Token buckets in the database.

A bucket holds as many tokens as its rule allows for an hour, and fills up evenly: after
a pause somebody may do many things at once, but never more than the quota and what
has flowed in since. Stored is only when it will be full again (the generic cell rate
algorithm, ITU-T I.371, says the same), so taking a token is one conditional UPDATE. The
database lets two of them at one row go one after the other, and the second sees what
the first has left: processes in any number share the quota exactly.
"""

import math
import time
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils.crypto import salted_hmac

from mimika.web.throttles.models import Throttle

PERIOD_MS = 3_600_000


@dataclass(frozen=True)
class Wait:
    """A refusal.

    Attributes:
        seconds: when it is worth coming back.
    """

    seconds: int

    @property
    def words(self) -> str:
        """The same for people, rounded up."""
        if self.seconds <= 90:
            return f"{self.seconds} second{'s' * (self.seconds != 1)}"
        return f"{math.ceil(self.seconds / 60)} minutes"


def take(rule: str, key: object, cost: int = 1) -> Wait | None:
    """Takes tokens, all or none.

    Args:
        rule: which limit, a name in the setting `THROTTLES_PER_HOUR`.
        key: for whom, such as the id of a person.
        cost: how many; more than the quota are never given.

    Returns:
        None where it is allowed, else how long to wait.
    """
    now_ms = _now_ms()
    step_ms = cost * _interval_ms(rule)
    row = {"rule": rule, "key": _hashed(rule, key)}
    if step_ms > PERIOD_MS:
        return Wait(PERIOD_MS // 1000)
    if _moved(row, now_ms, step_ms):
        return None
    first = {"full_at_ms": now_ms + step_ms}
    bucket, is_new = Throttle.objects.get_or_create(**row, defaults=first)
    if is_new or _moved(row, now_ms, step_ms):
        return None
    missing_ms = bucket.full_at_ms + step_ms - PERIOD_MS - now_ms
    return Wait(max(1, math.ceil(missing_ms / 1000)))


def give_back(rule: str, key: object, cost: int = 1) -> None:
    """Puts tokens back that were taken for something that does not count."""
    row = Throttle.objects.filter(rule=rule, key=_hashed(rule, key))
    row.update(full_at_ms=F("full_at_ms") - cost * _interval_ms(rule))


def clean(now: datetime) -> int:
    """Removes the rows of buckets that are full again.

    Args:
        now: the present, with a time zone.

    Returns:
        How many there were.
    """
    full = Throttle.objects.filter(full_at_ms__lte=int(now.timestamp() * 1000))
    return full.delete()[0]


def _moved(row: dict[str, str], now_ms: int, step_ms: int) -> bool:
    """Whether the bucket had enough, and has less now."""
    latest_ms = now_ms + PERIOD_MS - step_ms
    enough = Throttle.objects.filter(**row, full_at_ms__lte=latest_ms)
    later = Greatest(F("full_at_ms"), now_ms) + step_ms
    return enough.update(full_at_ms=later) == 1


def _interval_ms(rule: str) -> int:
    """The time in which one token flows in."""
    return max(1, PERIOD_MS // settings.THROTTLES_PER_HOUR[rule])


def _hashed(rule: str, key: object) -> str:
    salt = f"mimika.web.throttles.{rule}"
    return salted_hmac(salt, str(key), algorithm="sha256").hexdigest()


def _now_ms() -> int:
    return int(time.time() * 1000)
