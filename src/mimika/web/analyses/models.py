"""Stored analyses."""

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from mimika.core import results
from mimika.web.analyses import presentation

NOTE_LENGTH = 500
NAME_LENGTH = 255


class Analysis(models.Model):
    """A picture that somebody had analysed, and the answer.

    The pictures themselves lie in files: see `analyses.files`.

    Attributes:
        owner: whose it is; nobody else sees it.
        created: when the answer was stored.
        note: what its owner wrote beside it.
        original_name: what the file was called; shown as text, never used as a path.
        result: a `core.results.Analysis` as JSON.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="analyses"
    )
    created = models.DateTimeField(default=timezone.now, editable=False)
    note = models.CharField(max_length=NOTE_LENGTH, blank=True)
    original_name = models.CharField(max_length=NAME_LENGTH, blank=True)
    result = models.JSONField()

    class Meta:
        """What Django asks for."""

        ordering = ("-created", "id")
        indexes = [  # noqa: RUF012  Django's own form
            models.Index(fields=["owner", "-created"], name="analyses_of_owner")
        ]
        verbose_name_plural = "analyses"

    def __str__(self) -> str:
        return f"{self.original_name or 'picture'} of {self.created:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        """The address of its page."""
        return reverse("analyses:detail", args=[self.id])

    @property
    def answer(self) -> results.Analysis:
        """The result as a value."""
        return results.Analysis.model_validate(self.result)

    @property
    def summary(self) -> str:
        """The answer in a few words."""
        return presentation.summary(self.answer)
