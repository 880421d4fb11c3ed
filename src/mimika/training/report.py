"""The report of a run: one page, as HTML for people and as Markdown beside it."""

from contextlib import ExitStack
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from mimika.core.files import replacing
from mimika.reporting.markdown import render_markdown
from mimika.reporting.page import Page, render_page
from mimika.training.evidence import gather
from mimika.training.outcome import Outcome
from mimika.training.sections import comparison, data, recipe, summary
from mimika.training.sections_figures import (
    calibration,
    classes,
    confused,
    curves,
    proposals,
)

MARKDOWN, HTML = "report.md", "report.html"
# what else a run's folder holds, as far as it is there
BESIDE = {
    HTML: "this report with its pictures in one file",
    "config.toml": "all settings",
    "metrics.csv": "the figures of each epoch",
    "run.json": "machine, versions, seeds and digests",
    "card.json": "the model's card",
    "predictions.npz": "the answers on the selection set",
    "train.log": "what was said while it ran",
}


def build_page(outcome: Outcome) -> Page:
    """The report as a page."""
    evidence = gather(outcome)
    compared = comparison(outcome)
    sections = [
        summary(outcome),
        data(outcome),
        recipe(outcome),
        curves(outcome, evidence.course),
        classes(outcome),
        confused(outcome),
        calibration(outcome),
        *([compared] if compared else []),
        proposals(evidence),
    ]
    return Page(
        f"Training run: {outcome.card.name}",
        f"{outcome.card.architecture} on {len(outcome.division.training):,} pictures, "
        f"judged on {len(outcome.division.selection):,} of "
        f"{outcome.division.selected_on}",
        tuple(sections),
        f"Made by mimika {version('mimika')} on {datetime.now(UTC):%Y-%m-%d}. "
        f"{outcome.card.intended_use} {outcome.card.limits}",
    )


def write_report(folder: Path, outcome: Outcome) -> None:
    """Writes `report.html`, `report.md` and the plots, all or nothing.

    Args:
        folder: the run's folder; it exists.
        outcome: the finished run.

    Raises:
        OSError: the folder cannot be written; former reports stay.
    """
    page = build_page(outcome)
    pictures = {f"{figure.name}.png": figure.light for figure in page.figures()}
    html = render_page(page).encode("utf-8")
    markdown = render_markdown(page) + _files(folder)
    contents = {**pictures, HTML: html, MARKDOWN: markdown.encode("utf-8")}
    with ExitStack() as stack:
        for name, content in contents.items():
            stack.enter_context(replacing(folder / name)).write_bytes(content)


def _files(folder: Path) -> str:
    """Links to what lies beside the report."""
    there = {
        name: about
        for name, about in BESIDE.items()
        if name == HTML or (folder / name).exists()
    }
    links = "\n".join(f"- [{name}]({name}): {about}" for name, about in there.items())
    return f"\n## Files\n\n{links}\n"
