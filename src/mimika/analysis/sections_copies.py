"""Section of the report on copies: groups, conflicting labels, leakage."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mimika.analysis.leakage import GroupFacts, Positions, members_of_groups
from mimika.analysis.pictures import Pictures
from mimika.analysis.run import Findings
from mimika.analysis.showing import MOST_IN_TABLE, Showing, chosen_classes, only_some
from mimika.reporting.gallery import Gallery, Group
from mimika.reporting.page import Block, Heading, Section, Text
from mimika.reporting.tables import MISSING, Cell, Table, percent, row

GROUPS, PAIRS = 20, 20  # shown in galleries
MOST_OF_GROUP = 5
TILE_PX = 76  # five of them twice in the width of the page
METHOD = (
    "Near-copies are pictures that correlate by more than 0.93 at their best "
    "alignment; mirrored, shifted and re-cropped ones are looked for. Copies of copies "
    "are one group, so a large group can hold pictures that are only alike."
)


def duplicates(pictures: Pictures, findings: Findings) -> Section:
    """Groups of copies, conflicting labels, leakage."""
    copies = findings.copies
    blocks: list[Block] = [Text(METHOD, quiet=True), _group_table(findings)]
    if copies.splits:
        blocks += [Heading("Leakage between splits"), _leakage(pictures, findings)]
    if copies.across:
        many = f"{len(copies.across):,} groups lie in more than one split"
        blocks.append(Heading("Across splits"))
        blocks.append(_gallery(pictures, copies.across, many, splits=True))
    if copies.conflicts:
        many = f"{len(copies.conflicts):,} groups carry more than one label"
        blocks.append(Heading("One photograph, different labels"))
        blocks.append(_gallery(pictures, copies.conflicts, many))
    if copies.changed:
        blocks += [Heading("Mirrored and shifted"), _changed(pictures, findings)]
    if copies.near.groups and not copies.across:
        groups = members_of_groups(findings.duplicates.groups)
        blocks.append(Heading("Largest groups"))
        blocks.append(_gallery(pictures, groups, f"{len(groups):,} groups"))
    return Section("duplicates", "Duplicates and leakage", tuple(blocks))


def _group_table(findings: Findings) -> Table:
    copies = findings.copies
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in copies.kinds.items())
    header = ("Groups", "groups", "pictures", "redundant", "largest", "with two labels")
    rows = (
        _group_row("pixel by pixel", copies.exact),
        _group_row("near-copies, these among them", copies.near),
    )
    return Table(header, rows, f"Pairs by kind: {kinds or 'none'}.")


def _group_row(name: str, group: GroupFacts) -> tuple[Cell, ...]:
    conflict = MISSING
    if group.labelled:
        share = percent(group.conflicting / group.labelled)
        conflict = f"{group.conflicting:,} of {group.labelled:,} ({share})"
    return row(
        name, group.groups, group.pictures, group.redundant, group.largest, conflict
    )


def _leakage(pictures: Pictures, findings: Findings) -> Table:
    splits = findings.copies.splits
    exact = (f"{s.exact:,} ({percent(s.exact / s.pictures)})" for s in splits)
    near = (f"{s.near:,} ({percent(s.near / s.pictures)})" for s in splits)
    rows = [row("exact copies", *exact), row("with near-copies", *near)]
    caption = (
        "Pictures of each split with a copy in the training split; by class, the share "
        "of its pictures with a near-copy there."
    )
    if any(share is not None for split in splits for share in split.by_class):
        by_class, note = _leakage_by_class(pictures, findings)
        rows += by_class
        caption += note
    header = (f"Copies of {pictures.training}", *(f"in {s.split}" for s in splits))
    return Table(header, tuple(rows), caption)


def _leakage_by_class(
    pictures: Pictures, findings: Findings
) -> tuple[list[tuple[Cell, ...]], str]:
    showing, totals = Showing(pictures), pictures.class_counts
    shown = chosen_classes(totals, MOST_IN_TABLE)
    rows = []
    for label in shown:
        shares = [split.by_class[label] for split in findings.copies.splits]
        cells = [Cell(percent(share), share) for share in shares]
        rows.append(row(showing.class_cell(label), *cells))
    return rows, only_some(len(shown), len(totals))


def _changed(pictures: Pictures, findings: Findings) -> Gallery:
    changed = findings.copies.changed
    places = np.linspace(0, len(changed) - 1, min(PAIRS, len(changed))).astype(int)
    caption = (
        f"{len(changed):,} pairs are mirrored, shifted or cropped anew: a choice over "
        "the whole range of similarity, the surest first."
    )
    groups = [_group(pictures, changed[place], splits=False) for place in places]
    return Gallery(tuple(groups), caption, packed=True, tile_px=TILE_PX)


def _gallery(
    pictures: Pictures, groups: Sequence[Positions], many: str, *, splits: bool = False
) -> Gallery:
    caption = f"{many}; the largest are shown." if len(groups) > GROUPS else f"{many}."
    made = tuple(_group(pictures, group, splits=splits) for group in groups[:GROUPS])
    return Gallery(made, caption, packed=True, tile_px=TILE_PX)


def _group(pictures: Pictures, members: Positions, *, splits: bool) -> Group:
    showing = Showing(pictures)
    kept = _of_each(pictures.splits if splits else pictures.labels, members)
    tiles = tuple(
        showing.tile(i, detail=str(pictures.splits[i]) if splits else "") for i in kept
    )
    left_out = len(members) - len(kept)
    if not left_out:
        return Group(tiles)
    return Group(tiles, f"{len(members)} pictures", f"{left_out} not shown")


def _of_each(
    values: NDArray[np.str_] | NDArray[np.int64], members: Positions
) -> list[int]:
    """Members of a group, one of each value before the second of any."""
    seen: dict[str | int, int] = {}
    ranked = []
    for index in members.tolist():
        value = values[index]
        seen[value] = seen.get(value, 0) + 1
        ranked.append((seen[value], index))
    return [index for _, index in sorted(ranked)][:MOST_OF_GROUP]
