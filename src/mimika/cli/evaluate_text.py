"""What `mimika evaluate` prints for people."""

import textwrap

from mimika.evaluation.confusion import confusion_table
from mimika.evaluation.cost import Cost
from mimika.evaluation.judgement import Judged, Judgement
from mimika.evaluation.sections import figures_table
from mimika.reporting.tables import MISSING

INDENT = "  "
WIDTH = 88


def describe(judgement: Judgement) -> list[str]:
    """All figures as lines."""
    card, whole = judgement.card, judgement.whole
    lines = [f"{card.name} on {whole.name}", *_figures(whole), ""]
    for note in judgement.notes:
        lines += [*textwrap.wrap(note, WIDTH), ""]
    lines += [*_classes(judgement), ""]
    lines += confusion_table(whole.plain.confusion, card.resolve_task().names)
    if judgement.clean is not None:
        lines += ["", "Without the pictures that have a near-copy in Training:"]
        lines += _figures(judgement.clean)
    if judgement.calibration is not None:
        lines += ["", *_calibration(judgement)]
    if judgement.crowd is not None:
        lines += ["", *_crowd(judgement)]
    if judgement.cost is not None:
        lines += ["", _cost(judgement.cost)]
    return lines


def _figures(judged: Judged) -> list[str]:
    """The table of the report, set in columns, without signs that a screen may lack."""
    table = figures_table(judged)
    plain = (tuple(c.text.replace(MISSING, "-") for c in cells) for cells in table.rows)
    rows = [table.header, *plain]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        INDENT.join(text.ljust(w) for text, w in zip(cells, widths, strict=True))
        for cells in rows
    ]
    return [f"pictures: {judged.plain.images:,}", *(line.rstrip() for line in lines)]


def _classes(judgement: Judgement) -> list[str]:
    names = judgement.card.resolve_task().names
    left = max(len("class"), *(len(name) for name in names))
    lines = [f"{'class':{left}}  precision  recall      F1  pictures"]
    return lines + [
        f"{name:{left}}  {c.precision:9.3f}  {c.recall:6.3f}  {c.f1:6.3f}  {c.images:8}"
        for name, c in zip(names, judgement.whole.plain.classes, strict=True)
    ]


def _calibration(judgement: Judgement) -> list[str]:
    found, had = judgement.calibration, judgement.card.temperature
    if found is None:
        return []
    return [
        f"calibration on {found.name} (after: cross-fitted over {found.folds} folds, "
        "pixel copies in one fold)",
        f"ECE       {found.ece_before:.4f} before, {found.ece_after:.4f} after; "
        f"perfect probabilities would show {found.ece_by_chance:.4f}",
        f"log loss  {found.nll_before:.4f} before, {found.nll_after:.4f} after",
        f"fitted temperature {found.temperature:.4f}, times the card's {had:.4f}: "
        f"{had * found.temperature:.4f}",
    ]


def _crowd(judgement: Judgement) -> list[str]:
    found = judgement.crowd
    if found is None:
        return []
    return [
        f"beside crowd votes for {found.images:,} pictures",
        f"divergence  {found.divergence:.4f} nats from the votes",
        f"agreement   {found.agreement.value:.4f} of the answers and "
        f"{found.label_agreement.value:.4f} of the labels are a first choice",
    ]


def _cost(cost: Cost) -> str:
    return (
        f"cost: {cost.parameters:,} parameters, {cost.multiply_adds / 1e6:.1f} M "
        f"multiply-adds; here, on one thread, {cost.ms_alone:.2f} ms a picture by "
        f"itself and {cost.ms_in_batch:.2f} ms in a batch of 64"
    )
