"""Section of the report on blank pictures and pictures without a face."""

import numpy as np

from mimika.analysis.conclusions import NO_FACES_AT_ALL
from mimika.analysis.faces import FaceSearch
from mimika.analysis.pictures import Pictures
from mimika.analysis.run import Findings
from mimika.analysis.showing import (
    MOST_IN_TABLE,
    Showing,
    chosen_classes,
    counted,
    only_some,
)
from mimika.reporting.gallery import Gallery, Group
from mimika.reporting.page import Block, Heading, Section, Text
from mimika.reporting.tables import Cell, Table, percent, row

KEY, TITLE = "faces", "Blank and without a face"
MOST_BLANK, MOST_FACELESS = 24, 88
FEW = 22  # shown where these are no faces anyway
KNOWN_ERROR = (
    "No votes were given to measure the detector's error on this data set. On FER2013 "
    "it misses 0.9 % of the pictures that all FER+ raters took for faces, and finds a "
    "face in 41 % of those that at least half of them called none (mostly drawings)."
)


def faces(pictures: Pictures, findings: Findings) -> Section:
    """Blank pictures, and those in which no face is found."""
    blocks = _blank(pictures, findings)
    found = findings.faces
    if len(found.searched):
        blocks += [
            Heading("No face found"),
            Text(_search_text(pictures, findings)),
            Text(_error_text(found), quiet=True),
            _by_class(pictures, found),
        ]
    if len(found.without):
        blocks.append(_gallery(pictures, findings))
    return Section(KEY, TITLE, tuple(blocks))


def _blank(pictures: Pictures, findings: Findings) -> list[Block]:
    blank = findings.appearance.blank
    if not len(blank):
        return [Text("No picture is blank.")]
    text = (
        f"{counted(len(blank), 'picture')} blank: the grey levels deviate by less than "
        "2 from their mean."
    )
    tiles = Showing(pictures).tiles(blank[:MOST_BLANK])
    return [Text(text), Gallery((Group(tiles),), "Blank pictures.", tile_px=72)]


def _search_text(pictures: Pictures, findings: Findings) -> str:
    found = findings.faces
    share = len(found.without) / len(found.searched)
    whole = len(found.searched) >= len(pictures) - len(findings.appearance.blank)
    of = "all that are not blank" if whole else "a sample drawn by chance"
    return (
        f"In {len(found.without):,} of {len(found.searched):,} pictures searched "
        f"({percent(share)}; {of}) our detector finds no face."
    )


def _error_text(found: FaceSearch) -> str:
    error = found.error
    if error is None or error.missed is None:
        return KNOWN_ERROR
    text = (
        f"The detector's error, by the votes: of {error.faces:,} pictures that no "
        f"rater called no face it misses {percent(error.missed, 2)}"
    )
    if error.found is not None:
        text += (
            f"; of {error.others:,} that at least half of them called no face it finds "
            f"one in {percent(error.found)}"
        )
    return f"{text}. A picture listed here may have a face, and others may have none."


def _by_class(pictures: Pictures, found: FaceSearch) -> Table:
    showing = Showing(pictures)
    parts = [0 if share is None else round(1e6 * share) for share in found.by_class]
    shown = chosen_classes(parts, MOST_IN_TABLE)
    rows = [
        row(showing.class_cell(k), Cell(percent(found.by_class[k]), found.by_class[k]))
        for k in shown
    ]
    caption = only_some(len(shown), len(parts), "highest", "lowest").strip()
    return Table(("Class", "no face found"), tuple(rows), caption)


def _gallery(pictures: Pictures, findings: Findings) -> Gallery:
    found = findings.faces
    is_other = len(found.without) > NO_FACES_AT_ALL * len(found.searched)
    most = FEW if is_other else MOST_FACELESS
    rng = np.random.default_rng(findings.seed)
    drawn = np.sort(rng.permutation(found.without)[:most])
    caption = "Pictures in which no face is found."
    if len(drawn) < len(found.without):
        caption = (
            f"{len(drawn)} of {len(found.without):,} pictures in which no face is "
            "found, drawn by chance; report.json lists all."
        )
    return Gallery((Group(Showing(pictures).tiles(drawn)),), caption, tile_px=72)
