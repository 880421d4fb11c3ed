"""Pictures that people sent, what was found in them, and what people say about it."""

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from mimika.core import results
from mimika.core.tasks import EMOTION
from mimika.web.analyses.offered import OfferedModel
from mimika.web.reports import presentation

__all__ = ["Analysis", "Detail", "Face", "FacesMode", "OfferedModel", "State"]

NOTE_LENGTH = 500
TITLE_LENGTH = 120
NAME_LENGTH = 255
LABEL_LENGTH = 64  # of a class's key

EMOTIONS = [(label.key, label.name) for label in EMOTION.labels]


class State(models.TextChoices):
    """Where an analysis stands."""

    QUEUED = "queued", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"


class FacesMode(models.TextChoices):
    """What is taken for a face, as in `core.results.FacesMode`."""

    FIND = "find", "Find the faces in it"
    WHOLE = "whole", "It is one face, cut out already"


class Detail(models.TextChoices):
    """How carefully faces are looked for, as in `core.results.Detail`."""

    FINE = "fine", "Fine: also small and turned faces"
    FAST = "fast", "Fast"


class Analysis(models.Model):
    """A picture that somebody sent, from the upload to the answer.

    The pictures themselves lie in files: see `analyses.files`. Which row may change
    into which state, and who may do it, is in `analyses.states`.

    Attributes:
        owner: whose it is; nobody else sees it.
        created: when it was sent.
        title: what its owner calls it.
        note: what its owner wrote beside it.
        taken: the day on which the picture was taken.
        model_name: name of the model that was asked for; empty for that of emotions.
        seen: key of the class that its owner sees in it; empty where nothing was said.
        original_name: what the file was called; shown as text, never used as a path.
        faces_mode: whether faces are looked for.
        detail: how carefully.
        words: title, note and name in small letters, for searching.
        state: where it stands.
        problem: why it is waiting or failed, for people.
        attempts: how often it was begun.
        crashes: how often the service broke over it.
        due: when it is to be begun, or begun again.
        claim: of the process that works on it.
        claimed_until: when that process counts as dead unless it is heard of.
        began: when it was last begun.
        finished: when it was done or failed.
        request_id: of the upload, named in every log on the way.
        result: a `core.results.Analysis` as JSON; null until it is done.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="analyses"
    )
    created = models.DateTimeField(default=timezone.now, editable=False)
    title = models.CharField(max_length=TITLE_LENGTH, blank=True)
    note = models.CharField(max_length=NOTE_LENGTH, blank=True)
    taken = models.DateField(null=True, blank=True)
    model_name = models.CharField(max_length=40, blank=True)
    seen = models.CharField(max_length=LABEL_LENGTH, blank=True)
    original_name = models.CharField(max_length=NAME_LENGTH, blank=True)
    faces_mode = models.CharField(
        max_length=8, choices=FacesMode.choices, default=FacesMode.FIND
    )
    detail = models.CharField(max_length=8, choices=Detail.choices, default=Detail.FINE)
    words = models.TextField(blank=True, editable=False)
    state = models.CharField(
        max_length=8, choices=State.choices, default=State.QUEUED, editable=False
    )
    problem = models.TextField(blank=True, editable=False)
    attempts = models.PositiveIntegerField(default=0, editable=False)
    crashes = models.PositiveIntegerField(default=0, editable=False)
    due = models.DateTimeField(default=timezone.now, editable=False)
    claim = models.UUIDField(null=True, editable=False)
    claimed_until = models.DateTimeField(null=True, editable=False)
    began = models.DateTimeField(null=True, editable=False)
    finished = models.DateTimeField(null=True, editable=False)
    request_id = models.CharField(max_length=64, blank=True, editable=False)
    result = models.JSONField(null=True, editable=False)

    class Meta:
        """What Django asks for."""

        ordering = ("-created", "id")
        indexes = [  # noqa: RUF012  Django's own form
            models.Index(fields=["owner", "-created"], name="analyses_of_owner"),
            # all that counting by months reads
            models.Index(fields=["owner", "state", "created"], name="analyses_by_time"),
            # of all rows: SQLite takes no partial one where values are parameters
            models.Index(fields=["state", "due"], name="analyses_to_do"),
        ]
        verbose_name_plural = "analyses"

    def __str__(self) -> str:
        # The administration shows this: what the owner wrote must not be in it.
        return f"analysis {self.pk}"

    def get_absolute_url(self) -> str:
        """The address of its page."""
        return reverse("analyses:detail", args=[self.id])

    @property
    def name(self) -> str:
        """What to call it."""
        return self.title or self.original_name or "picture"

    @property
    def is_open(self) -> bool:
        """Whether there is still something to wait for."""
        return self.state in (State.QUEUED, State.RUNNING)

    @property
    def waited_s(self) -> float:
        """Seconds since it was sent."""
        return (timezone.now() - self.created).total_seconds()

    @property
    def summary(self) -> str:
        """The answer in a few words; lists fetch the faces beforehand."""
        return presentation.summary(face.label for face in self.faces.all())

    @property
    def opinions(self) -> dict[int, str]:
        """Keys of what its owner sees in the faces, by their numbers."""
        return {face.number: face.opinion for face in self.faces.all()}

    @property
    def seen_name(self) -> str:
        """Display name of what its owner sees."""
        return presentation.name_of(self.seen)

    @property
    def is_done(self) -> bool:
        """Whether there is an answer."""
        return self.state == State.DONE

    @property
    def answer(self) -> results.Analysis:
        """The result of a done one as a value."""
        return results.Analysis.model_validate(self.result)


class Face(models.Model):
    """One face of a done analysis: what lists and statistics ask for.

    Attributes:
        analysis: where it was found.
        number: counted from 1, in the answer's order.
        label: key of the most probable class.
        probability: its probability.
        opinion: key of the emotion that the owner sees; `label` where they agree,
            empty where nothing was said.
    """

    analysis = models.ForeignKey(Analysis, models.CASCADE, related_name="faces")
    number = models.PositiveIntegerField()
    label = models.CharField(max_length=LABEL_LENGTH)
    probability = models.FloatField()
    opinion = models.CharField(max_length=LABEL_LENGTH, blank=True)

    class Meta:
        """What Django asks for."""

        ordering = ("number",)
        constraints = [  # noqa: RUF012  Django's own form
            models.UniqueConstraint("analysis", "number", name="unique_face"),
        ]
        indexes = [  # noqa: RUF012  Django's own form
            models.Index(fields=["label", "analysis"], name="faces_by_label"),
        ]

    def __str__(self) -> str:
        return f"face {self.number} of {self.analysis_id}"


def words_of(*texts: str) -> str:
    """Texts as they are searched: one line in small letters of every script."""
    return " ".join(" ".join(texts).casefold().split())
