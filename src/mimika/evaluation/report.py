"""Puts the report on a model together: the page, the figures as JSON, the folder."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from mimika.core.preprocess import UInt8Array
from mimika.evaluation.figures import figures_of
from mimika.evaluation.judgement import Judgement
from mimika.evaluation.sections import classes, clean, confusion, cost, limits, summary
from mimika.evaluation.sections_answers import calibration, crowd, mistakes
from mimika.reporting.folder import write_folder
from mimika.reporting.page import Page

MADE_BY = "mimika evaluate"


def build_page(judgement: Judgement, images: UInt8Array) -> Page:
    """The report as a page.

    Args:
        judgement: what was found.
        images: uint8 (N, H, W) or (N, H, W, 3), the pictures that were judged.
    """
    sections = [
        summary(judgement),
        classes(judgement),
        confusion(judgement),
        calibration(judgement),
    ]
    if judgement.clean is not None:
        sections.append(clean(judgement.clean, judgement.whole))
    if judgement.crowd is not None:
        sections.append(crowd(judgement.crowd))
    sections.append(mistakes(judgement, images))
    if judgement.cost is not None:
        sections.append(cost(judgement.cost, judgement.whole.views))
    sections.append(limits(judgement.card))
    return Page(
        f"Model report: {judgement.card.name}",
        f"{judgement.whole.plain.images:,} pictures of {judgement.whole.name}, "
        f"{judgement.source}",
        tuple(sections),
        f"Made by mimika {version('mimika')} on {datetime.now(UTC):%Y-%m-%d}. The "
        "pictures belong to the data set: mind its licence before you pass this file "
        "on.",
    )


def write_report(
    out: Path,
    judgement: Judgement,
    images: UInt8Array,
    attached: Mapping[str, Callable[[Path], None]],
) -> Path:
    """Writes report.html, report.json and the plots, all or nothing.

    Args:
        out: the folder; a former report in it is replaced as a whole.
        judgement: what was found.
        images: uint8 (N, H, W) or (N, H, W, 3), the pictures that were judged.
        attached: what writes further files, by name.

    Returns:
        The path of `report.html`.

    Raises:
        InputError: the folder holds other files than a former report.
        OSError: it cannot be written.
    """
    page = build_page(judgement, images)
    return write_folder(out, MADE_BY, page, figures_of(judgement), attached)
