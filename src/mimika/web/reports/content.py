"""What every saved file is made from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from mimika.core.preprocess import UInt8Array
from mimika.core.results import Analysis
from mimika.core.tasks import TASKS


@dataclass(frozen=True)
class ModelFacts:
    """What a report says about the model.

    Attributes:
        name: its name.
        digest: digest of its weights.
        accuracy: what was measured, as text; empty where it is not known.
    """

    name: str
    digest: str
    accuracy: str


@dataclass(frozen=True, eq=False)
class Report:
    """A result with all that belongs to it.

    Attributes:
        title: what the person called it; may be empty.
        original_name: what the file was called; may be empty.
        note: what the person wrote beside it; may be empty.
        created: when the picture was analysed, with a time zone.
        taken: the day on which the picture was taken, where it is known.
        seen: key of the emotion that the person sees; may be empty.
        answer: the model's answer.
        pixels: uint8 (H, W, 3), RGB, 0..255; the picture that the boxes of `answer`
            refer to. JSON and CSV do not read it, so it may be empty for them.
        model: facts about the model that answered.
        written: when the report is made, with a time zone.
        opinions: keys of the classes that the person sees, by the number of the face.
    """

    title: str
    original_name: str
    note: str
    created: datetime
    taken: date | None
    seen: str
    answer: Analysis
    pixels: UInt8Array
    model: ModelFacts
    written: datetime
    opinions: Mapping[int, str] = field(default_factory=dict)

    @property
    def heading(self) -> str:
        """What stands on top: the title, else the file's name, else a plain word."""
        return self.title.strip() or self.original_name.strip() or "Result"

    @property
    def seen_name(self) -> str:
        """Display name of the emotion that the person sees; empty where none is."""
        task = TASKS.get(self.answer.task)
        names = {label.key: label.name for label in task.labels} if task else {}
        return names.get(self.seen, self.seen.replace("_", " ").title())
