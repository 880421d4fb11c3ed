"""What a saved file is called."""

import re
import unicodedata
from pathlib import PurePath

from mimika.web.reports.content import Report

LENGTH = 80


def file_name(report: Report, ending: str) -> str:
    """A name of plain letters, digits and hyphens that every system can write.

    It is made from the title, or from the original name where no letter of the title
    is plain, and from the day of the picture, or that of the analysis.

    Args:
        report: what is saved.
        ending: `pdf`, `json` or `png`, without a dot.

    Returns:
        At most 80 characters, such as `garden-party-2026-11-22.pdf`.
    """
    words = _plain(report.title) or _plain(PurePath(report.original_name).stem)
    day = report.taken or report.created.date()
    tail = f"-{day.isoformat()}.{ending}"
    return (words or "result")[: LENGTH - len(tail)].rstrip("-") + tail


def _plain(text: str) -> str:
    """The ASCII letters and digits of a text, in words that hyphens join."""
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[A-Za-z0-9]+", letters))
