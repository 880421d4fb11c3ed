"""Sections of a run's report: curves, classes, confusions, calibration, proposals."""

import numpy as np

from mimika.evaluation.confusions import confusions, describe, explain
from mimika.evaluation.evidence import Course, Evidence
from mimika.evaluation.proposals import propose
from mimika.evaluation.rules_training import RISING
from mimika.evaluation.sections_answers import diagram
from mimika.reporting.page import Block, Heading, Section, Text, paragraphs
from mimika.reporting.plots import WRITTEN_CLASSES, confusion_figure, curves_figure
from mimika.reporting.tables import (
    MISSING,
    Cell,
    Table,
    percent,
    points,
    row,
    shorten,
)
from mimika.training.evidence import mistakes_of, recipe_of
from mimika.training.outcome import Outcome
from mimika.training.records import curve_panels
from mimika.training.sections import MOST_ROWS

CURVES = "Loss, accuracy, macro-F1 and learning rate of each epoch."
MATRIX = (
    "Confusion matrix. Rows are the true classes, columns the answers. The darker, the "
    "larger the share of the row"
)
WRITTEN = "; in each cell its per cent, and the number of pictures"
SCALED = (
    "One temperature divides all logits, which changes no answer. Below, each fifth of "
    "the pictures is scaled by the temperature fitted on the others, so that no "
    "picture is judged by one fitted on itself; the exported model has the one fitted "
    "on all."
)
NOTHING = (
    "No rule found anything striking in these figures: accuracy had come to rest, the "
    "rate had come down, training and selection set agree, no class or pair of classes "
    "stands out and the probabilities can be taken at their word. What is left to try "
    "is another network, other data or several seeds."
)


def curves(outcome: Outcome, course: Course) -> Section:
    """The course of training, and what is to be seen in it."""
    panels, marks = curve_panels(outcome.history, outcome.experiment)
    epochs = [record.epoch for record in outcome.history]
    figure = curves_figure("curves", CURVES, epochs, panels, marks)
    return Section("curves", "Curves", (*paragraphs(about_course(course)), figure))


def classes(outcome: Outcome) -> Section:
    """Precision, recall and F1 of each class, and what it is most often taken for."""
    rows = [
        row(
            Cell(label.name, colour=label.colour),
            *(Cell(f"{v:.3f}", share=v) for v in (c.precision, c.recall, c.f1)),
            c.images,
            _taken_for(outcome, place),
        )
        for place, (label, c) in enumerate(
            zip(outcome.labels, outcome.judged.evaluation.classes, strict=True)
        )
    ]
    caption = (
        "Precision: share of the answers that are right. Recall: share of the class's "
        "pictures that are found."
    )
    if len(rows) > MOST_ROWS:
        recalls = [c.recall for c in outcome.judged.evaluation.classes]
        rows = [rows[place] for place in np.argsort(recalls, kind="stable")]
        caption += " From the lowest recall to the highest."
    header = ("class", "precision", "recall", "F1", "pictures", "most often taken for")
    table = Table(header, shorten(rows, MOST_ROWS, _left_out), caption, (0, 5))
    return Section("classes", "Classes", (table,))


def confused(outcome: Outcome) -> Section:
    """The matrix, and the pairs with the most mistakes."""
    judged, names = outcome.judged, outcome.names
    matrix = judged.evaluation.confusion
    caption = f"{MATRIX}{WRITTEN if len(names) <= WRITTEN_CLASSES else ''}."
    blocks: list[Block] = [confusion_figure("confusion", caption, matrix, names)]
    wrong, training = mistakes_of(judged), outcome.training_counts
    balanced = recipe_of(outcome.experiment, outcome.best).balanced
    for one in confusions(judged.probabilities, outcome.division.selection.labels):
        blocks.append(Heading(f"{names[one.more.true]} and {names[one.less.true]}"))
        reasons = " ".join(explain(one, names, training, balanced=balanced))
        blocks += [Text(describe(one, names, wrong)), Text(reasons)]
    if not wrong:
        blocks.append(Text("Every answer is right."))
    return Section("confusion", "What it confuses, and why", tuple(blocks))


def calibration(outcome: Outcome) -> Section:
    """How far the probabilities can be taken at their word."""
    found = outcome.judged.calibration
    if found is None:
        text = (
            f"The temperature is {outcome.judged.temperature:.3f}. There are too few "
            "different pictures to judge it on others than it was fitted on."
        )
        return Section("calibration", "Calibration", (Text(text),))
    table = Table(
        ("figure", "before", "after, cross-fitted"),
        (
            row(
                "calibration error", percent(found.ece_before), percent(found.ece_after)
            ),
            row("log loss (nats)", f"{found.nll_before:.4f}", f"{found.nll_after:.4f}"),
        ),
        f"Calibration error (ECE): mean distance of confidence and accuracy over 15 "
        "bins of equally many pictures. Perfect probabilities would show "
        f"{percent(found.ece_by_chance)} on {found.images:,} pictures by chance.",
    )
    figure = diagram({"before": found.before, "after, cross-fitted": found.after})
    fitted = Text(f"Fitted temperature: {found.temperature:.3f}. {SCALED}")
    return Section("calibration", "Calibration", (fitted, table, figure))


def proposals(evidence: Evidence) -> Section:
    """What to try next, with the figures that speak for it."""
    found = propose(evidence)
    blocks: list[Block] = []
    for rank, proposal in enumerate(found, 1):
        blocks += [Heading(f"{rank}. {proposal.what}"), Text(proposal.why)]
    if not found:
        blocks.append(Text(NOTHING))
    else:
        text = (
            "Derived by rules from the figures above, what concerns the whole run "
            "first. Each is something to try: only a further run can tell."
        )
        blocks.insert(0, Text(text, quiet=True))
    return Section("proposals", "Proposals", tuple(blocks))


def about_course(course: Course) -> tuple[str, ...]:
    """Where the best epoch lies, how far training is ahead, and how it ended."""
    return (_about_gap(course), _about_end(course))


def _about_gap(course: Course) -> str:
    said = (
        f"The best epoch is {course.best} of {course.epochs}, with "
        f"{percent(course.selection)} right on the selection set"
    )
    if course.training is None or course.gap is None:
        return (
            f"{said}. Training batches were mixed in pairs, so that their accuracy "
            "cannot be set beside it."
        )
    side = "more" if course.gap > 0 else "less"
    return (
        f"{said}. On its training batches, as fed and while the weights changed, "
        f"{percent(course.training)} were right: {points(abs(course.gap))} {side}."
    )


def _about_end(course: Course) -> str:
    if course.rise is None:
        return "There are too few epochs to tell whether accuracy was still rising."
    how = "was still rising" if course.rise > RISING else "was no longer rising"
    side = "below" if course.rise < 0 else "above"
    return (
        f"Accuracy on the selection set {how}: its mean over the last epochs is "
        f"{points(abs(course.rise))} {side} that over as many before them."
    )


def _taken_for(outcome: Outcome, place: int) -> str:
    """`Sad (19.0 %)`; a dash for a class that is always found, or has no picture."""
    counts = outcome.judged.evaluation.confusion[place].copy()
    images = int(counts.sum())
    counts[place] = 0
    if not counts.any():
        return MISSING
    other = int(counts.argmax())
    return f"{outcome.names[other]} ({percent(counts[other] / images)})"


def _left_out(count: int) -> tuple[Cell, ...]:
    return row(f"{count:,} more classes", None, None, None, None, "")
