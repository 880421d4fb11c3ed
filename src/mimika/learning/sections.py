"""The sections of the report of `mimika learn`."""

from collections.abc import Iterator

import numpy as np
from matplotlib.axes import Axes

from mimika.analysis.conclusions import conclude
from mimika.analysis.pictures import fit_within
from mimika.core.card import Metric
from mimika.core.errors import ImageError
from mimika.core.images import read_picture
from mimika.core.preprocess import FloatArray, UInt8Array
from mimika.evaluation.calibration import calibrate
from mimika.evaluation.intervals import Interval
from mimika.evaluation.mistakes import Mistake, confident_mistakes
from mimika.evaluation.sections_answers import diagram
from mimika.learning.certainty import exact_interval, interval_of_others
from mimika.learning.growth import sentence
from mimika.learning.run import Outcome, Tested
from mimika.learning.scores import RULE
from mimika.reporting.charts import COLOURS, Axis, Ground, finish, on_both_grounds
from mimika.reporting.dots import Panel, dot_plot
from mimika.reporting.gallery import Gallery, Group, Tile, data_uri
from mimika.reporting.page import (
    Block,
    Fact,
    Facts,
    Figure,
    Remark,
    Remarks,
    Section,
    Text,
)
from mimika.reporting.plots import confusion_figure
from mimika.reporting.tables import Cell, Table, percent, row
from mimika.runtime.classifier import softmax

SHOWN_PX = 200
MOST_MISTAKES = 24
FEW = 64  # pictures up to which intervals are called wide
CALIBRATED_FROM = 10  # groups of pictures: fewer say nothing
METHOD = (
    "Every strategy learned from the same folds and answered the pictures that were "
    "held out; copies and near-copies of a picture are always on the same side. "
    "Deviation: between the folds of all repeats. Difference: to the best strategy, "
    "picture by picture, with its 95 % interval (bootstrap over groups of copies). "
    f"Taken is {RULE}."
)
INTERVAL = (
    "The interval says where the accuracy on as many other pictures of the same kind "
    "lies, 95 times in 100: it holds the luck of these pictures and that of the others."
)


def summary(outcome: Outcome) -> Section:
    """What was taken, how good it is, and what to be careful about."""
    accuracy = outcome.card.metrics["accuracy"]
    facts = [
        Fact(percent(accuracy.value), "accuracy, cross-validated", ends(accuracy)),
        Fact(outcome.chosen.name, "taken"),
        Fact(f"{accuracy.images:,}", "pictures learned from"),
    ]
    facts += [_tested_fact(test) for test in outcome.tests]
    remarks = Remarks(tuple(remarks_of(outcome)))
    return Section(
        "summary", "Summary", (Facts(tuple(facts)), Text(INTERVAL, True), remarks)
    )


def remarks_of(outcome: Outcome) -> Iterator[Remark]:
    """Sentences on what the figures are worth, then those of the analysis."""
    labels = outcome.material.pool.labels
    count, best = len(labels), outcome.chosen
    share = float(np.bincount(labels).max() / count)
    exact = exact_interval(best.mean * count, count)
    if exact.low <= share:
        yield Remark(
            "warning",
            "The classes cannot be told apart from chance: accuracy "
            f"{ends(exact)}, and always naming the largest class gives "
            f"{percent(share)}. Bring more or clearer pictures.",
        )
    if count <= FEW:
        yield Remark(
            "warning",
            f"Only {count} pictures: the 95 % interval is {width(exact)} wide. Every "
            "figure here is rough; a difference between strategies may be luck.",
        )
    if not outcome.material.by_near_copies:
        yield Remark(
            "warning",
            "More than half of the pictures look like near-copies of others, as things "
            "on a plain ground do. Only exact copies were kept on one side: if these "
            "are several photographs of the same things, the figures are too good.",
        )
    yield Remark("note", sentence(outcome.curve))
    if outcome.left_out:
        first = next(iter(outcome.left_out.values()))
        yield Remark(
            "note",
            f"Not tried: {', '.join(outcome.left_out)}. The first: {first}.",
        )
    if outcome.card.preprocess.fit == "keep-scale":
        yield Remark(
            "note",
            "Sizes were kept (keep-scale): every picture is scaled by the same factor, "
            f"{outcome.card.preprocess.scale:.3g} pixels of the input for each of the "
            "picture. Pictures have to come from the same distance.",
        )
    yield from conclude(outcome.pictures, outcome.findings)


def strategies(outcome: Outcome) -> Section:
    """All strategies side by side."""
    rows = tuple(
        row(
            Cell(score.name + (" (taken)" if score is outcome.chosen else "")),
            percent(score.mean),
            percent(score.deviation),
            percent(score.error),
            "best" if number == 0 else signed(paired.difference),
            f"{score.cost / 1e6:,.0f} M",
        )
        for number, (score, paired) in enumerate(
            zip(outcome.scores, outcome.pairs, strict=True)
        )
    )
    folds = len({fold.number for fold in outcome.folds})
    repeats = outcome.folds[-1].repeat + 1
    header = (
        "strategy",
        "accuracy",
        "deviation",
        "standard error",
        "difference, points",
        "multiply-adds",
    )
    caption = f"{folds} folds, {repeats} times with different seeds."
    return Section(
        "strategies",
        "Strategies",
        (Text(METHOD, True), Table(header, rows, caption), _dots(outcome)),
    )


def confusion(outcome: Outcome) -> Section:
    """Which classes are taken for which, over all repeats."""
    labels, task = outcome.material.pool.labels, outcome.material.task
    width_ = len(task.labels)
    matrix = np.zeros((width_, width_), np.int64)
    for answers in outcome.chosen.logits.argmax(axis=2):
        np.add.at(matrix, (labels, answers), 1)
    caption = (
        "Rows are the true classes, columns the answers, when the pictures were held "
        f"out; each picture counts {len(outcome.chosen.logits)} times, once a repeat."
    )
    blocks: list[Block] = [confusion_figure("confusion", caption, matrix, task.names)]
    return Section("confusion", "Confusion matrix", tuple(blocks))


def mistakes(outcome: Outcome) -> Section:
    """The most certain mistakes, with their pictures."""
    probabilities = mean_probabilities(outcome)
    labels = outcome.material.pool.labels
    found = confident_mistakes(
        probabilities, labels, np.arange(len(labels)), MOST_MISTAKES
    )
    groups = []
    for number, label in enumerate(outcome.material.task.labels):
        own = tuple(_tile(outcome, one) for one in found if one.true == number)
        if own:
            groups.append(Group(own, f"True class: {label.name}"))
    if not groups:
        none = Text("Every held-out picture was answered rightly.")
        return Section("mistakes", "Mistakes", (none,))
    caption = (
        "Answers of models that had not learned from the picture, the most certain "
        "first. A wrong label is as likely here as a wrong answer."
    )
    gallery = Gallery(tuple(groups), caption, tile_px=140)
    return Section("mistakes", "Mistakes", (gallery,))


def growth(outcome: Outcome) -> Section:
    """Accuracy over the number of pictures."""
    figure = curve_figure(outcome)
    return Section(
        "growth", "Would more pictures help?", (Text(sentence(outcome.curve)), figure)
    )


def calibration(outcome: Outcome) -> Section:
    """How far the probabilities can be taken at their word."""
    pool = outcome.material.pool
    if len(np.unique(pool.groups)) < CALIBRATED_FROM:
        text = Text("There are too few pictures to say.")
        return Section("calibration", "Calibration", (text,))
    found = calibrate(
        "held-out pictures", mean_probabilities(outcome), pool.labels, pool.groups
    )
    text = Text(
        f"The logits are divided by {outcome.card.temperature:.3f}, which was fitted "
        "on held-out answers. The expected calibration error is "
        f"{found.ece_before:.3f} before and {found.ece_after:.3f} after it "
        "(cross-fitted); perfect probabilities would show about "
        f"{found.ece_by_chance:.3f} on as many pictures."
    )
    plot = diagram({"before": found.before, "after, cross-fitted": found.after})
    return Section("calibration", "Calibration", (text, plot))


def limits(outcome: Outcome) -> Section:
    """What the card says."""
    card = outcome.card
    rows = (
        row("task", card.task),
        row("network", f"{card.architecture}, input {card.preprocess.size} px"),
        row("pictures become square by", card.preprocess.fit),
        row("learned from", card.training_data),
        row("licence", card.licence),
        row("digest", card.digest),
        row("command", card.recipe),
    )
    table = Table(("", "the model"), rows, words=(0, 1))
    return Section(
        "card", "The model", (table, Text(card.intended_use), Text(card.limits))
    )


def mean_probabilities(outcome: Outcome) -> FloatArray:
    """float32 (N, K): of each picture when it was held out, over all repeats."""
    parts = [softmax(logits) for logits in outcome.chosen.logits]
    return np.asarray(np.mean(parts, axis=0), np.float32)


def ends(figure: Interval | Metric) -> str:
    """`81.2 % to 95.6 %`."""
    return f"{percent(figure.low)} to {percent(figure.high)}"


def width(figure: Interval) -> str:
    """`14 points`."""
    return f"{100 * (figure.high - figure.low):.0f} points"


def signed(figure: Interval) -> str:
    """`-1.2 (-2.5 to +0.1)`, in points."""
    value, low, high = (100 * v for v in (figure.value, figure.low, figure.high))
    return f"{value:+.1f} ({low:+.1f} to {high:+.1f})"


def curve_figure(outcome: Outcome) -> Figure:
    """The learning curve with its standard errors."""
    points = outcome.curve
    sizes = [point.pictures for point in points]
    means = [100 * point.mean for point in points]
    errors = [100 * point.error for point in points]

    def draw(axes: Axes, ground: Ground) -> None:
        axes.errorbar(sizes, means, errors, marker="o", color=COLOURS[0], capsize=3)
        axes.set_xlim(left=0)
        axes.set_xticks(sizes)
        finish(axes, ground, Axis("pictures learned from", "accuracy, %"), legend=False)

    caption = (
        "Accuracy on held-out pictures after learning from a part of the others, with "
        "its standard error."
    )
    return on_both_grounds("growth", caption, draw, (6.2, 3.4), width_px=620)


def _tested_fact(test: Tested) -> Fact:
    found = test.accuracy
    return Fact(
        percent(found.value),
        f"accuracy on {len(test.photographs):,} held-out pictures",
        f"{ends(found)}; looked at once",
    )


def _dots(outcome: Outcome) -> Figure:
    count = len(outcome.material.pool)
    shares = []
    for score in outcome.scores:
        found = interval_of_others(score.mean * count, count, count)
        shares.append((100 * found.low, 100 * found.value, 100 * found.high))
    gaps = [
        None
        if number == 0
        else tuple(
            100 * end
            for end in (
                paired.difference.low,
                paired.difference.value,
                paired.difference.high,
            )
        )
        for number, paired in enumerate(outcome.pairs)
    ]
    return dot_plot(
        "strategies",
        "Accuracy with the interval of as many other pictures, and the difference to "
        "the best, in points.",
        [score.name for score in outcome.scores],
        (
            Panel("accuracy, %", tuple(shares)),
            Panel("difference to the best, points", tuple(gaps), zero=True),  # type: ignore[arg-type]  # three values each
        ),
    )


def _tile(outcome: Outcome, mistake: Mistake) -> Tile:
    labels = outcome.material.task.labels
    path = outcome.material.pool.paths[mistake.place]
    return Tile(
        data_uri(_shown(outcome, mistake.place)),
        labels[mistake.answer].name,
        f"{100 * mistake.confidence:.0f} %, {path.name}",
        labels[mistake.answer].colour,
        str(path),
    )


def _shown(outcome: Outcome, place: int) -> UInt8Array:
    try:
        pixels = read_picture(outcome.material.pool.paths[place]).pixels
    except (ImageError, OSError):  # a file that went away since it was read
        return np.full((SHOWN_PX, SHOWN_PX), 128, np.uint8)
    return fit_within(pixels, SHOWN_PX)
