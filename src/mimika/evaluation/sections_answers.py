"""Sections of the report on single answers: calibration, crowd votes, mistakes."""

import numpy as np
from numpy.typing import NDArray

from mimika.core.preprocess import UInt8Array
from mimika.evaluation.calibration import Calibration
from mimika.evaluation.crowd import Crowd
from mimika.evaluation.judgement import Judgement
from mimika.evaluation.mistakes import Mistake
from mimika.evaluation.reliability import Bin
from mimika.evaluation.sections import with_interval
from mimika.reporting.charts import Axis
from mimika.reporting.diagonal import diagonal
from mimika.reporting.gallery import Gallery, Group, Tile, data_uri
from mimika.reporting.page import Block, Fact, Facts, Figure, Section, Text
from mimika.reporting.tables import Table, number, percent, row

METHOD = (
    "A model is calibrated if of the answers given with a probability of 80 %, 80 % "
    "are right. Plain answers are ranked by that probability and parted into 15 bins "
    "of equally many pictures (Nixon et al. 2019); the error (ECE) is the mean "
    "distance of confidence and accuracy. It is above 0 by chance alone: perfect "
    "probabilities would show about {chance:.4f} on as many pictures."
)
SCALED = (
    "Temperature scaling (Guo et al. 2017) divides all logits by one number, which "
    "changes no answer. The figures after it are cross-fitted: the pictures are parted "
    "into {folds} folds, pixel copies in one, and each fold is scaled by the "
    "temperature fitted on the others, so that no picture is judged by one fitted on "
    "itself. The temperature to store is fitted on all of them."
)
DIAGRAM = (
    "Reliability diagram: accuracy of each bin with its 95 % interval (Wilson) over "
    "its mean confidence. On the dashed line both agree; below it the model is too "
    "certain."
)
MISTAKES = (
    "By true class, the most certain first. First line: the model's answer. Second "
    "line: its probability, and the row of the picture in its source. A wrong label is "
    "as likely here as a wrong answer."
)
VOTES = (
    "Kullback-Leibler divergence from the shares of the votes to the probabilities. "
    "An answer agrees if it is a first choice of the raters."
)


def calibration(judgement: Judgement) -> Section:
    """How far the probabilities can be taken at their word."""
    found = judgement.calibration
    if found is None:
        method = METHOD.format(chance=judgement.ece_by_chance)
        blocks: tuple[Block, ...] = (
            Text(method, quiet=True),
            diagram({"plain": judgement.bins}),
        )
        return Section("calibration", "Calibration", blocks)
    method = METHOD.format(chance=found.ece_by_chance)
    blocks = (
        Text(method, quiet=True),
        Text(SCALED.format(folds=found.folds), quiet=True),
        _temperatures(judgement, found),
        Table(
            ("figure", "before", "after, cross-fitted"),
            (
                row("ECE", f"{found.ece_before:.4f}", f"{found.ece_after:.4f}"),
                row(
                    "log loss (nats)",
                    f"{found.nll_before:.4f}",
                    f"{found.nll_after:.4f}",
                ),
            ),
        ),
        diagram({"before": found.before, "after, cross-fitted": found.after}),
    )
    return Section("calibration", "Calibration", blocks)


def crowd(found: Crowd) -> Section:
    """The model beside people."""
    rows = (
        row("divergence from the votes (nats)", f"{found.divergence:.4f}"),
        row("answer is a first choice", with_interval(found.agreement)),
        row("label is a first choice", with_interval(found.label_agreement)),
    )
    table = Table(("figure", f"{found.images:,} pictures"), rows, VOTES)
    return Section("votes", "Crowd votes", (table,))


def mistakes(judgement: Judgement, images: UInt8Array) -> Section:
    """A gallery of the most certain mistakes.

    Args:
        judgement: what was found.
        images: uint8 (N, H, W) or (N, H, W, 3), the pictures that were judged.
    """
    labels = judgement.card.resolve_task().labels
    confusions = judgement.whole.plain.confusion
    groups = []
    for number_, label in enumerate(labels):
        own = [m for m in judgement.mistakes if m.true == number_]
        wrong = int(confusions[number_].sum() - confusions[number_, number_])
        if own:
            tiles = tuple(_tile(judgement, mistake, images) for mistake in own)
            groups.append(Group(tiles, f"True class: {label.name}", f"{wrong:,} wrong"))
    if not groups:
        none = Text("Every answer is right.")
        return Section("mistakes", "Most confident mistakes", (none,))
    gallery = Gallery(tuple(groups), MISTAKES, tile_px=80)
    return Section("mistakes", "Most confident mistakes", (gallery,))


def _temperatures(judgement: Judgement, found: Calibration) -> Facts:
    had = judgement.card.temperature
    facts = (
        Fact(f"{found.temperature:.3f}", "fitted temperature", "1: nothing to change"),
        Fact(
            f"{had * found.temperature:.3f}",
            "temperature to store",
            f"times {had:.3f}, which the card has",
        ),
        Fact(number(found.images), "pictures it is fitted on", found.name),
    )
    return Facts(facts)


def diagram(series: dict[str, tuple[Bin, ...]]) -> Figure:
    """A reliability diagram, a line for each set of bins by its legend."""
    points = {name: _points(bins) for name, bins in series.items()}
    return diagonal("reliability", DIAGRAM, points, Axis("confidence", "accuracy"))


def _points(bins: tuple[Bin, ...]) -> NDArray[np.float64]:
    """float64 (B, 4): confidence, accuracy and the ends of its interval."""
    return np.array(
        [
            (
                part.confidence,
                part.accuracy.value,
                part.accuracy.low,
                part.accuracy.high,
            )
            for part in bins
        ]
    )


def _tile(judgement: Judgement, mistake: Mistake, images: UInt8Array) -> Tile:
    labels = judgement.card.resolve_task().labels
    answer = labels[mistake.answer]
    return Tile(
        data_uri(images[mistake.place]),
        answer.name,
        f"{100 * mistake.confidence:.0f} %, {mistake.row}",
        answer.colour,
        f"{judgement.whole.name}, row {mistake.row}; {labels[mistake.true].name} has "
        f"{percent(mistake.true_probability)}",
    )
