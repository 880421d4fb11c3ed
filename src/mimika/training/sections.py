"""Sections of a run's report: summary, data, recipe and comparison."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from mimika.data.split_file import picture_digest
from mimika.evaluation.intervals import Interval
from mimika.evaluation.placing import CLASSES, describe_place
from mimika.evaluation.published import Published, load_published
from mimika.reporting.page import (
    Fact,
    Facts,
    Remark,
    Remarks,
    Section,
    Text,
    paragraphs,
)
from mimika.reporting.tables import Cell, Table, number, percent, row, shorten
from mimika.training.config import Experiment
from mimika.training.outcome import Outcome

MOST_ROWS = 40  # classes in a table; of more, the ends are shown
PATHS = frozenset(("data", "votes", "teachers", "split_file", "weights"))
CHOSEN = (
    "The checkpoint was chosen on these very pictures ({selection}), so that all "
    "figures here are slightly optimistic. Honest ones need pictures that nothing was "
    "chosen on."
)
COMPARED = (
    "Only published figures that are clean or were not audited; mimika compare "
    "--published shows the others too, and says of each what is to be doubted."
)


def summary(outcome: Outcome) -> Section:
    """The figures that one wants first, and what they are of."""
    figures = outcome.judged.evaluation
    facts = (
        _fact("accuracy", figures.accuracy),
        _fact("macro-F1", figures.macro_f1),
        _fact("balanced accuracy", figures.balanced_accuracy),
        Fact(number(figures.images), "pictures", outcome.division.selected_on),
    )
    table = Table(("of the run", ""), _about(outcome), words=(0, 1))
    optimistic = CHOSEN.format(selection=outcome.card.selection)
    note = Remarks((Remark("note", optimistic),))
    return Section("summary", "Summary", (Facts(facts), note, table))


def data(outcome: Outcome) -> Section:
    """What was learned from and chosen on, class by class."""
    division = outcome.division
    training = outcome.training_counts
    selection = np.bincount(division.selection.labels, minlength=len(training))
    totals = (len(division.training), len(division.selection))
    rows = [
        row(
            Cell(label.name, colour=label.colour),
            *_counted(training[place], totals[0]),
            *_counted(int(selection[place]), totals[1]),
        )
        for place, label in enumerate(outcome.labels)
    ]
    caption = "Share: of all pictures of the set."
    if len(rows) > MOST_ROWS:
        order = np.argsort([-count for count in training], kind="stable")
        rows = [rows[place] for place in order]
        caption += " From the largest class to the smallest."
    header = ("class", "training", "share", "selection", "share")
    total = row("all classes", totals[0], None, totals[1], None)
    shown = (*shorten(rows, MOST_ROWS, _left_out), total)
    texts = (
        f"{outcome.card.training_data}. Selected on: {division.selected_on}.",
        f"Digests of the pictures: training "
        f"{picture_digest(division.training.images)}, selection "
        f"{picture_digest(division.selection.images)}.",
    )
    table = Table(header, shown, caption)
    return Section("data", "Data", (Text(texts[0]), table, Text(texts[1], quiet=True)))


def recipe(outcome: Outcome) -> Section:
    """The command and the settings that are not the defaults."""
    rows = tuple(
        row(key, _shown(key, value), "" if default is None else str(default))
        for key, value, default in _changed(outcome.experiment)
    )
    table = Table(("setting", "value", "default"), rows, words=(0, 1, 2))
    texts = paragraphs(
        (
            f"Command: {outcome.card.recipe}",
            "All settings are in config.toml beside this report; these differ from "
            "the defaults, or have none:",
        )
    )
    return Section("recipe", "Recipe", (*texts, table))


def comparison(outcome: Outcome) -> Section | None:
    """The run among published figures; None for other classes than FER2013's."""
    if outcome.card.labels != CLASSES:
        return None
    published = load_published()
    accuracy = outcome.judged.evaluation.accuracy.value
    split = outcome.division.selected_on
    own = row(
        Cell(f"this run: {outcome.card.name}", share=1.0),
        percent(accuracy, 2),
        split,
        f"chosen on {split}",
        "single network, one look",
        outcome.card.parameters,
    )
    ranked = [(accuracy, own)]
    ranked += [(one.accuracy, _published(one)) for one in published if one.comparable]
    ranked.sort(key=lambda pair: -pair[0])
    header = ("model", "accuracy", "scored on", "standing", "inference", "parameters")
    table = Table(header, tuple(cells for _, cells in ranked), COMPARED, (0, 2, 3, 4))
    text = Text(describe_place(accuracy, split, published))
    return Section("comparison", "Comparison", (text, table))


def _fact(name: str, figure: Interval) -> Fact:
    ends = f"{100 * figure.low:.1f} to {percent(figure.high)}"
    return Fact(percent(figure.value), name, ends)


def _gain(gain: Interval) -> str:
    low, high = 100 * gain.low, 100 * gain.high
    return f"{100 * gain.value:+.1f} points of accuracy ({low:+.1f} to {high:+.1f})"


def _about(outcome: Outcome) -> tuple[tuple[Cell, ...], ...]:
    card, experiment, history = outcome.card, outcome.experiment, outcome.history
    minutes = sum(record.seconds for record in history) / 60
    spec = card.preprocess
    rows = [
        row("network", card.architecture),
        row("parameters", card.parameters),
        row("multiply-adds", f"{card.multiply_adds / 1e6:,.1f} M a picture"),
        row("input", f"{spec.size} px, {'grey' if spec.channels == 1 else 'RGB'}"),
        row("strategy", experiment.strategy),
        row("pretrained weights", _shown("weights", experiment.weights) or "none"),
        row("trained on", card.training_data),
        row("chosen by", card.selection),
        row("gain with mirror images", _gain(outcome.judged.mirror_gain)),
        row("best epoch", f"{outcome.best.epoch} of {len(history)}"),
        row("seed", str(card.seed)),
        row("duration", f"{minutes:,.1f} minutes"),
    ]
    return (*rows, *_machine(outcome.facts), row("weights", card.digest))


def _machine(facts: Mapping[str, Any]) -> tuple[tuple[Cell, ...], ...]:
    """What `run.json` says about where and with what it was trained."""
    if not facts:
        return ()
    machine, versions = facts["machine"], facts["versions"]
    cores = f"{machine['threads']} of {machine['cores']} cores"
    processes = machine["processes"]
    many = f", {processes} processes" if processes > 1 else ""
    software = ", ".join(f"{n} {versions[n]}" for n in ("mimika", "torch", "python"))
    revision = facts["git_revision"]
    return (
        row("device", f"{machine['device']}{many}"),
        row("machine", f"{machine['processor']}, {cores}, {machine['system']}"),
        row("software", software + (f", source {revision}" if revision else "")),
    )


def _counted(count: int, total: int) -> tuple[int, Cell]:
    share = count / max(total, 1)
    return count, Cell(percent(share), share=share)


def _left_out(count: int) -> tuple[Cell, ...]:
    return row(f"{count:,} more classes", None, None, None, None)


def _changed(experiment: Experiment) -> list[tuple[str, Any, Any]]:
    """Keys with their values and defaults, in the order of the experiment."""
    values = dict(experiment)
    fields = type(experiment).model_fields.items()
    return [
        (key, values[key], None if field.is_required() else field.default)
        for key, field in fields
        if field.is_required() or values[key] != field.default
    ]


def _shown(key: str, value: Any) -> str:
    """A value as it is read: files by their names, lists of transforms counted."""
    if key == "augmentation" and not isinstance(value, str):
        return f"{len(value)} transforms"
    if key in PATHS:
        paths = (value,) if isinstance(value, str) else value
        return ", ".join(_name_of(path) for path in paths)
    return str(value)


def _name_of(path: str) -> str:
    return path if path.startswith("hub") else Path(path).name


def _published(one: Published) -> tuple[Cell, ...]:
    return row(
        one.name,
        percent(one.accuracy, 2),
        one.split,
        one.standing,
        one.inference,
        one.parameters,
    )
