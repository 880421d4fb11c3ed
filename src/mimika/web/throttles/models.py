"""Stored buckets."""

from django.db import models


class Throttle(models.Model):
    """How full one bucket is: see `throttles.bucket`.

    Attributes:
        rule: which limit.
        key: for whom; a keyed hash, so that neither names nor addresses are stored.
        full_at_ms: when the bucket will be full again, in milliseconds since 1970. A
            row whose time is over says the same as no row.
    """

    rule = models.CharField(max_length=40)
    key = models.CharField(max_length=64)
    full_at_ms = models.BigIntegerField()

    class Meta:
        """What Django asks for."""

        constraints = [  # noqa: RUF012  Django's own form
            models.UniqueConstraint(fields=["rule", "key"], name="unique_throttle")
        ]
        indexes = [  # noqa: RUF012  Django's own form
            models.Index(fields=["full_at_ms"], name="throttles_by_time")
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.key[:8]}"
