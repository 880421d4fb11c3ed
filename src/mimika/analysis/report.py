"""Puts the report together: the page, the figures as JSON, the folder."""

from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from mimika.analysis.conclusions import conclude
from mimika.analysis.figures import figures_of
from mimika.analysis.pictures import Pictures
from mimika.analysis.run import Findings
from mimika.analysis.sections_classes import balance, overview, representatives
from mimika.analysis.sections_copies import duplicates
from mimika.analysis.sections_faces import faces
from mimika.analysis.sections_labels import labels, votes
from mimika.analysis.sections_looks import appearance, files
from mimika.reporting.folder import check_folder, write_folder
from mimika.reporting.page import Page, Remarks, Section

MADE_BY = "mimika analyse"


def build_page(pictures: Pictures, findings: Findings) -> Page:
    """The report as a page, conclusions last."""
    conclusions = Remarks(conclude(pictures, findings))
    sections = [
        overview(pictures, findings),
        balance(pictures, findings),
        representatives(pictures, findings),
        appearance(pictures, findings),
        files(pictures),
        duplicates(pictures, findings),
        faces(pictures, findings),
        labels(pictures, findings),
    ]
    if findings.votes is not None:
        sections.append(votes(findings, pictures))
    sections.append(Section("conclusions", "Conclusions", (conclusions,)))
    return Page(
        f"Data report: {Path(pictures.source).name or pictures.source}",
        f"{pictures.source}: {len(pictures):,} pictures, {len(pictures.classes):,} "
        "classes",
        tuple(sections),
        f"Made by mimika {version('mimika')} on {datetime.now(UTC):%Y-%m-%d} with seed "
        f"{findings.seed}. The pictures belong to the data set: mind its licence "
        "before you pass this file on.",
    )


def check_out(out: Path) -> None:
    """Refuses a folder that holds anything but a former report.

    Raises:
        InputError: it does, or it is a file.
    """
    check_folder(out, MADE_BY)


def write_report(out: Path, pictures: Pictures, findings: Findings) -> Path:
    """Writes report.html, report.json and the plots, all or nothing.

    Args:
        out: the folder; a former report in it is replaced as a whole.
        pictures: the data set.
        findings: what was found.

    Returns:
        The path of `report.html`.

    Raises:
        InputError: see `check_out`.
        OSError: the folder cannot be written.
    """
    check_out(out)
    conclusions = [asdict(remark) for remark in conclude(pictures, findings)]
    figures = {**figures_of(pictures, findings), "conclusions": conclusions}
    return write_folder(out, MADE_BY, build_page(pictures, findings), figures)
