"""Puts the report together: the page, the figures as JSON, the folder."""

import json
import shutil
import tempfile
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
from mimika.core.errors import InputError
from mimika.reporting.page import Page, Remarks, Section, render_page

HTML, JSON = "report.html", "report.json"
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
    if not out.exists():
        return
    if not out.is_dir():
        raise InputError(f"{out}: is a file; --out needs a folder to write to")
    if any(out.iterdir()) and not _is_report(out):
        raise InputError(
            f"{out}: holds other files than a former report; name a new or an empty "
            "folder, so that nothing of yours is replaced"
        )


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
    out = out.absolute()
    out.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    try:
        partial.chmod(0o755)
        page = build_page(pictures, findings)
        for figure in page.figures():
            (partial / f"{figure.name}.png").write_bytes(figure.light)
        figures = {"made_by": MADE_BY, **figures_of(pictures, findings)}
        figures["conclusions"] = [asdict(r) for r in conclude(pictures, findings)]
        text = json.dumps(figures, indent=1, ensure_ascii=False, allow_nan=False)
        (partial / JSON).write_text(_encodable(text), encoding="utf-8")
        (partial / HTML).write_text(_encodable(render_page(page)), encoding="utf-8")
        _replace(partial, out)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return out / HTML


def _is_report(folder: Path) -> bool:
    """Whether a folder is one that we wrote, with nothing else in it."""
    names = {child.name for child in folder.iterdir() if child.suffix != ".png"}
    if names != {HTML, JSON}:
        return False
    try:
        found = json.loads((folder / JSON).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(found, dict) and found.get("made_by") == MADE_BY


def _replace(partial: Path, out: Path) -> None:
    """Moves a finished folder to its place; a former one gives way only then."""
    if not out.exists():
        partial.rename(out)
        return
    former = Path(tempfile.mkdtemp(prefix=f".{out.name}.former.", dir=out.parent))
    out.rename(former / out.name)
    partial.rename(out)
    shutil.rmtree(former, ignore_errors=True)


def _encodable(text: str) -> str:
    """Names of files that are no UTF-8 hold halves of characters: shown as `?`."""
    return text.encode("utf-8", "replace").decode("utf-8")
