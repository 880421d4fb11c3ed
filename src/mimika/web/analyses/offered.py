"""The models of the service as people see them."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from mimika.core.tasks import EMOTION

NAME_LENGTH = 40
TITLE_LENGTH = 80
TASK_LENGTH, KEY_LENGTH = 64, 64
SHIPPED = "emotion"


class OfferedModel(models.Model):
    """A model that the service has, or has had.

    Attributes:
        name: under which the service offers it.
        task: what it answers.
        title: what people read; empty for one that is made of its task.
        classes: keys and names of its classes, in the order of its outputs.
        finds_faces: whether faces are looked for.
        digest: of its weights.
        accuracy: what was measured, as text; empty where nothing was.
        is_offered: whether people may choose it.
        in_service: whether the service had it when it was last asked.
        created: when it was first seen here.
        added_by: who added it on the staff site; nobody for others.
    """

    name = models.CharField(max_length=NAME_LENGTH, unique=True)
    task = models.CharField(max_length=TASK_LENGTH)
    title = models.CharField(
        max_length=TITLE_LENGTH,
        blank=True,
        help_text="What people read on the form, such as “Parts: small or large”.",
    )
    classes = models.JSONField(default=list)
    finds_faces = models.BooleanField(default=False)
    digest = models.CharField(max_length=64, blank=True)
    accuracy = models.CharField(max_length=120, blank=True)
    is_offered = models.BooleanField("offered", default=True)
    in_service = models.BooleanField(default=True)
    created = models.DateTimeField(default=timezone.now, editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True
    )

    class Meta:
        """What Django asks for."""

        ordering = ("-finds_faces", "name")
        verbose_name = "model"

    def __str__(self) -> str:
        return self.name

    @property
    def is_shipped(self) -> bool:
        """Whether it comes with mimika; nothing else may have such a name."""
        return self.name.startswith(SHIPPED)

    @property
    def shown(self) -> str:
        """What people read: the title, or one made of task and classes."""
        if self.title:
            return self.title
        if self.task == EMOTION.name:
            return "Emotions in faces"
        names = [name for _, name in self.choices]
        more = ", …" if len(names) > 4 else ""
        word = self.task.replace("_", " ").capitalize()
        return f"{word}: {', '.join(names[:4])}{more}"

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Its classes, as a form wants them."""
        return [(str(key), str(name)) for key, name in self.classes]
