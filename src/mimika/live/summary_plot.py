"""A film's summary as the lanes of a plot."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from mimika.core.tasks import Task
from mimika.live.summary import Presence, Summary
from mimika.reporting.durations import span_text
from mimika.reporting.timeline_plot import Heading, Lane, save_timeline

MOST_LANES = 8
BRIEF_S = 1.0  # a person seen for less is no lane where there are others


def save_summary_plot(path: Path, summary: Summary, task: Task, title: str) -> None:
    """Draws who showed what and when.

    Args:
        path: PNG, SVG or PDF file to write, replaced in one step.
        summary: of the film; closed.
        task: the classes.
        title: such as the name of the film.

    Raises:
        OSError: it cannot be written.
    """
    drawn = lanes_of(summary)
    lanes = [lane_of(person, summary.bin_s, task) for person in drawn]
    classes = [(label.name, label.colour) for label in task.labels]
    heading = Heading(title, summary.duration_s, _note(summary, len(drawn)))
    save_timeline(path, heading, lanes, classes)


def lanes_of(summary: Summary) -> Sequence[Presence]:
    """Those who are drawn: seen the longest, in the order in which they came."""
    long = [person for person in summary.people if person.seen_s >= BRIEF_S]
    chosen = (long or list(summary.people))[:MOST_LANES]
    return sorted(chosen, key=lambda person: (person.first_s, person.identity))


def lane_of(person: Presence, bin_s: float, task: Task) -> Lane:
    """One person's bins as pieces of a lane.

    A piece shows the class that was shown the longest in its bin.
    """
    numbers = np.array(sorted(person.bins))
    values = np.stack([person.bins[number] for number in numbers])  # (N, K + 2)
    seconds = values[:, :-2].sum(axis=1)
    safe = np.maximum(seconds, 1e-9)
    kept = seconds > 1e-6  # a bin that was only touched at its border is none
    most = task.labels[int(person.shown_s.argmax())].name
    return Lane(
        name=f"Person {person.identity}",
        note=f"{span_text(person.seen_s)} seen, mostly {most}",
        starts_s=(numbers * bin_s)[kept],
        ends_s=((numbers + 1) * bin_s)[kept],
        classes=values[:, :-2].argmax(axis=1)[kept],
        certainty=(values[:, -2] / safe)[kept],
        sure=(values[:, -1] / safe >= 0.5)[kept],
        picture=person.picture,
    )


def _note(summary: Summary, drawn: int) -> str:
    """How many people there are, and who is drawn where not all are."""
    total = len(summary.people) + summary.left_out
    parts = [f"length {span_text(summary.duration_s)}"]
    if total:
        parts.append(f"{total} {'person' if total == 1 else 'people'}")
    if total > drawn:
        most = "the one" if drawn == 1 else f"the {drawn}"
        verb = "is" if drawn == 1 else "are"
        parts[-1] += f", {most} seen the longest {verb} drawn"
    return "  ·  ".join(parts)
