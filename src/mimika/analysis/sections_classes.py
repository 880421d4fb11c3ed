"""Sections of the report on the classes: overview, balance, what stands for them."""

from collections import Counter
from collections.abc import Callable

from mimika.analysis.balance import SplitBalance
from mimika.analysis.leakage import Positions
from mimika.analysis.pictures import Pictures
from mimika.analysis.representatives import Representatives
from mimika.analysis.run import Findings
from mimika.analysis.showing import (
    MOST_IN_PLOT,
    MOST_IN_TABLE,
    Showing,
    chosen_classes,
    only_some,
)
from mimika.reporting.charts import Axis, bars
from mimika.reporting.gallery import Gallery, Group, Tile, data_uri
from mimika.reporting.page import Block, Fact, Facts, Figure, Heading, Section, Text
from mimika.reporting.tables import MISSING, Cell, Table, number, percent, row

DISTANCES = (
    "Distances are between histograms of oriented gradients (and of colours, where "
    "there are any), reduced by principal components. Blank pictures and copies of "
    "another picture are left out."
)
Choice = Callable[[Representatives], Positions]
KINDS: tuple[tuple[str, Choice, str], ...] = (
    (
        "Medoids",
        lambda item: item.medoids,
        "The pictures with the least mean distance to all others of their class.",
    ),
    ("Random", lambda item: item.random, "Drawn by chance: what one really gets."),
    (
        "Most atypical",
        lambda item: item.atypical,
        "Those farthest from their like (distance to the fifth nearest of the class): "
        "drawings, text, odd crops and wrong labels gather here.",
    ),
)
RATIOS = (
    "The fifth column is the accuracy of naming the largest class every time, the last "
    "the total variation distance of the class shares from those of the training split."
)


def overview(pictures: Pictures, findings: Findings) -> Section:
    """The figures that one wants first."""
    ratio = _times(findings.balance.splits[0].ratio)
    near, faces = findings.copies.near, findings.faces
    searched = f"of {len(faces.searched):,} searched"
    facts = [
        Fact(number(len(pictures)), "pictures", _split_sizes(pictures)),
        Fact(number(len(pictures.classes)), "classes"),
        Fact(ratio, "largest to smallest class", _in_split(pictures)),
        Fact(number(near.redundant), "redundant copies", f"in {near.groups:,} groups"),
        *_leaks(pictures, findings),
        Fact(number(len(findings.appearance.blank)), "blank pictures"),
        Fact(number(len(faces.without)), "without a face", searched),
        *_about_labels(findings),
    ]
    if pictures.broken:
        facts.append(Fact(number(len(pictures.broken)), "could not be read"))
    return Section("overview", "Overview", (Facts(tuple(facts)),))


def balance(pictures: Pictures, findings: Findings) -> Section:
    """Counts by class and split, ratio, weights."""
    if not pictures.classes:
        text = Text("There are no class folders, so there are no classes to count.")
        return Section("balance", "Class balance", (text, _ratios(findings)))
    blocks: list[Block] = [
        _counts(pictures, findings),
        _balance_plot(pictures, findings),
        _ratios(findings),
    ]
    return Section("balance", "Class balance", tuple(blocks))


def representatives(pictures: Pictures, findings: Findings) -> Section:
    """Mean pictures, then typical, random and odd ones of each class."""
    key, title = "representatives", "Representatives"
    shown = set(chosen_classes(pictures.class_counts, MOST_IN_PLOT))
    found = [item for item in findings.representatives if item.label in shown]
    if not found:
        text = Text("No picture has a label, so there are no classes to show.")
        return Section(key, title, (text,))
    blocks: list[Block] = [
        Text(DISTANCES, quiet=True),
        Heading("Mean picture of each class"),
        _means(pictures, found),
    ]
    for kind, choose, caption in KINDS:
        groups = _chosen(pictures, found, choose)
        if groups:
            gallery = Gallery(groups, caption, packed=True, tile_px=62)
            blocks += [Heading(kind), gallery]
    return Section(key, title, tuple(blocks))


def _split_sizes(pictures: Pictures) -> str:
    counts = Counter(pictures.splits.tolist())
    if len(counts) == 1:
        return ""
    return ", ".join(f"{name} {counts[name]:,}" for name in pictures.split_names)


def _in_split(pictures: Pictures) -> str:
    return f"in {pictures.training}" if len(pictures.split_names) > 1 else ""


def _times(ratio: float | None) -> str:
    return MISSING if ratio is None else f"{ratio:.1f} : 1"


def _leaks(pictures: Pictures, findings: Findings) -> list[Fact]:
    return [
        Fact(
            percent(split.near / split.pictures),
            f"of {split.split} leaks",
            f"{split.near:,} near, {split.exact:,} exact copies of {pictures.training}",
        )
        for split in findings.copies.splits
    ]


def _about_labels(findings: Findings) -> list[Fact]:
    quality, agreement, facts = findings.labels, findings.agreement, []
    if quality is not None:
        judged = f"of {len(quality.judged):,} judged"
        facts.append(Fact(number(quality.clear), "labels clearly suspect", judged))
    if agreement is not None:
        share, compared = (
            percent(agreement.agreement),
            f"{agreement.pictures:,} pictures",
        )
        facts.append(Fact(share, "agreement with votes", compared))
    return facts


def _counts(pictures: Pictures, findings: Findings) -> Table:
    showing, splits = Showing(pictures), findings.balance.splits
    totals = pictures.class_counts
    shown = chosen_classes(totals, MOST_IN_TABLE)
    rows = []
    for label in shown:
        weight = findings.balance.weights[label]
        cells = [cell for split in splits for cell in _count_and_share(split, label)]
        text = MISSING if weight is None else f"{weight:.2f}"
        rows.append(row(showing.class_cell(label), *cells, text))
    if any(split.unlabelled for split in splits):
        bare = [cell for split in splits for cell in (split.unlabelled, "")]
        rows.append(row(Cell("no label"), *bare, ""))
    caption = (
        "Pictures by class and split. The weight makes every class count the same in "
        "the training loss: N / (K x count)." + only_some(len(shown), len(totals))
    )
    columns = [text for split in splits for text in (split.split, "share")]
    return Table(("Class", *columns, "weight"), tuple(rows), caption)


def _count_and_share(split: SplitBalance, label: int) -> tuple[Cell, Cell]:
    labelled = sum(split.counts)
    if not labelled:
        return Cell(MISSING), Cell(MISSING)
    share = split.counts[label] / labelled
    return Cell(number(split.counts[label])), Cell(percent(share), share)


def _balance_plot(pictures: Pictures, findings: Findings) -> Figure:
    totals = pictures.class_counts
    shown = chosen_classes(totals, MOST_IN_PLOT)
    series = {
        split.split: [split.counts[label] for label in shown]
        for split in findings.balance.splits
        if sum(split.counts)
    }
    names = [pictures.classes[label].name for label in shown]
    caption = "Pictures by class and split." + only_some(len(shown), len(totals))
    series = series or {"none": [0] * len(shown)}
    return bars("class_balance", caption, names, series, Axis("", "pictures"))


def _ratios(findings: Findings) -> Table:
    header = (
        *("Split", "pictures", "no label", "largest : smallest"),
        *("always the largest", "shares off by"),
    )
    rows = []
    for split in findings.balance.splits:
        shares = percent(split.majority), percent(split.distance)
        sizes = split.pictures, split.unlabelled, _times(split.ratio)
        rows.append(row(split.split, *sizes, *shares))
    return Table(header, tuple(rows), RATIOS)


def _means(pictures: Pictures, found: list[Representatives]) -> Gallery:
    counts, showing = pictures.class_counts, Showing(pictures)
    tiles = tuple(
        Tile(
            data_uri(item.mean),
            pictures.classes[item.label].name,
            f"{counts[item.label]:,} pictures",
            showing.colour(item.label),
        )
        for item in found
    )
    caption = "The mean over the pictures of the class, grey level by grey level."
    note = only_some(len(found), len(counts))
    return Gallery((Group(tiles),), caption + note, tile_px=104)


def _chosen(
    pictures: Pictures, found: list[Representatives], choose: Choice
) -> tuple[Group, ...]:
    showing = Showing(pictures)
    return tuple(
        Group(
            showing.plain_tiles(choose(item).tolist()),
            pictures.classes[item.label].name,
        )
        for item in found
        if len(choose(item))
    )
