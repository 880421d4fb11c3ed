"""The folder of a report: page, figures as JSON, plots; replaced as a whole.

Everything is written beside the folder first and then moved to its place. A folder that
holds anything else than a former report of the same kind is never touched.
"""

import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from mimika.core.errors import InputError
from mimika.reporting.page import Page, render_page

HTML, JSON = "report.html", "report.json"
MADE_BY, FILES = "made_by", "report_files"


def check_folder(out: Path, made_by: str) -> None:
    """Refuses a folder that holds anything but a former report.

    Args:
        out: the folder, which need not exist.
        made_by: the command whose reports may be replaced.

    Raises:
        InputError: it does, or it is a file.
    """
    if not out.exists():
        return
    if not out.is_dir():
        raise InputError(f"{out}: is a file; --out needs a folder to write to")
    if any(out.iterdir()) and not _is_report(out, made_by):
        raise InputError(
            f"{out}: holds other files than a former report; name a new or an empty "
            "folder, so that nothing of yours is replaced"
        )


def write_folder(
    out: Path,
    made_by: str,
    page: Page,
    figures: Mapping[str, object],
    attached: Mapping[str, Callable[[Path], None]] | None = None,
) -> Path:
    """Writes report.html, report.json and the plots, all or nothing.

    Args:
        out: the folder; a former report in it is replaced as a whole.
        made_by: the command that makes the report.
        page: its plots are written as PNG files too, each under its name.
        figures: what stands in report.json, after the command and the files that the
            report is made of; finite numbers and text.
        attached: what writes another file, by its name.

    Returns:
        The path of `report.html`.

    Raises:
        InputError: see `check_folder`.
        OSError: the folder cannot be written.
    """
    check_folder(out, made_by)
    out = out.absolute()
    out.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    try:
        partial.chmod(0o755)
        for figure in page.figures():
            (partial / f"{figure.name}.png").write_bytes(figure.light)
        for name, write in (attached or {}).items():
            write(partial / name)
        files = sorted((HTML, JSON, *(child.name for child in partial.iterdir())))
        signed = {MADE_BY: made_by, FILES: files, **figures}
        text = json.dumps(signed, indent=1, ensure_ascii=False, allow_nan=False)
        (partial / JSON).write_text(_encodable(text), encoding="utf-8")
        (partial / HTML).write_text(_encodable(render_page(page)), encoding="utf-8")
        _replace(partial, out)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return out / HTML


def _is_report(folder: Path, made_by: str) -> bool:
    """Whether a folder is one that we wrote, with nothing else in it."""
    try:
        found = json.loads((folder / JSON).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    if not isinstance(found, dict) or found.get(MADE_BY) != made_by:
        return False
    return {child.name for child in folder.iterdir()} <= set(found.get(FILES, ()))


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
