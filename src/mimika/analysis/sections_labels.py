"""Sections of the report on suspect labels and crowd votes."""

from collections.abc import Iterable

import numpy as np

from mimika.analysis.conclusions import LEARNS
from mimika.analysis.label_quality import LabelQuality
from mimika.analysis.leakage import Positions
from mimika.analysis.pictures import Pictures
from mimika.analysis.run import Findings
from mimika.analysis.showing import MOST_IN_PLOT, Showing
from mimika.analysis.votes import Agreement
from mimika.reporting.charts import Axis, heatmap
from mimika.reporting.gallery import Gallery, Group, Tile
from mimika.reporting.page import Block, Fact, Facts, Figure, Heading, Section, Text
from mimika.reporting.tables import percent

MOST_SUSPECTS, FEW_SUSPECTS, MOST_OF_CLASS = 60, 20, 10
METHOD = (
    "Confident learning (Northcutt, Jiang and Chuang 2021): a quick model on "
    "histograms of oriented gradients, and of colours where there are any, gives each "
    "picture the probability of every class. It is fitted in five folds on other "
    "pictures only, near-copies kept in one fold. A label is suspect where another "
    "class is over its own threshold and more probable; the list starts with the "
    "widest margin."
)
TOO_FEW = "Fewer than two classes have ten labelled pictures: no label is judged."
SUSPECTS = (
    "The most suspect of all, one of each group of near-copies. First line: the label. "
    "Second line: what the model would say. report.json lists all."
)
JOINT = (
    "Confident joint: of the pictures with a label that count for some class, the per "
    "cent that count for each. The diagonal keeps its label."
)
AGREEMENT = (
    "Labels against the raters' first choice: per cent of each label's pictures."
)


def labels(pictures: Pictures, findings: Findings) -> Section:
    """Suspect labels, ranked."""
    quality = findings.labels
    if quality is None:
        return Section("labels", "Suspect labels", (Text(TOO_FEW),))
    blocks: list[Block] = [Text(METHOD, quiet=True), _facts(findings, quality)]
    if quality.left_out:
        text = (
            f"{len(quality.left_out):,} classes are not judged: fewer than 10 "
            "pictures, or beyond the 100 largest."
        )
        blocks.append(Text(text, quiet=True))
    if len(quality.classes) <= MOST_IN_PLOT:
        blocks.append(_joint_plot(pictures, quality))
    if len(quality.suspects):
        blocks += _suspects(pictures, findings, quality)
    return Section("labels", "Suspect labels", tuple(blocks))


def votes(findings: Findings, pictures: Pictures) -> Section:
    """Labels against the raters."""
    agreement = findings.agreement
    if agreement is None:
        text = Text("The votes stand for no labelled picture.")
        return Section("votes", "Crowd votes", (text,))
    by_split = [Fact(percent(v), f"in {k}") for k, v in agreement.by_split.items()]
    pictures_with = f"{agreement.pictures:,} pictures, ties shared"
    agreed = f"{agreement.unanimous:,} pictures"
    facts = (
        Fact(percent(agreement.agreement), "first choice is the label", pictures_with),
        *(by_split if len(by_split) > 1 else ()),
        Fact(percent(agreement.unanimous_agreement), "where all raters agree", agreed),
        Fact(percent(agreement.without_a_vote), "of labels got no vote"),
    )
    blocks: list[Block] = [Facts(facts)]
    if len(pictures.classes) <= MOST_IN_PLOT:
        blocks.append(_agreement_plot(pictures, agreement))
    return Section("votes", "Crowd votes", tuple(blocks))


def _facts(findings: Findings, quality: LabelQuality) -> Facts:
    share = percent(len(quality.suspects) / len(quality.judged))
    facts = [
        Fact(
            percent(quality.accuracy),
            "accuracy of the quick model",
            f"always the largest class: {percent(quality.majority)}",
        ),
        Fact(
            f"{len(quality.suspects):,}",
            "suspect labels",
            f"{share} of {len(quality.judged):,}",
        ),
        Fact(f"{quality.clear:,}", "clearly suspect", "under 5 % against over 50 %"),
    ]
    checked = findings.suspects_checked
    if checked is not None:
        name = f"of the first {checked.first:,} are not the raters' choice"
        note = f"of all labels: {percent(checked.against_all)}"
        facts.append(Fact(percent(checked.against), name, note))
    return Facts(tuple(facts))


def _suspects(
    pictures: Pictures, findings: Findings, quality: LabelQuality
) -> list[Block]:
    """The first of all, then the first of each class."""
    groups = findings.duplicates.groups[quality.suspects]
    firsts = np.sort(np.unique(groups, return_index=True)[1])  # ranks, one of a group
    learns = quality.accuracy >= LEARNS * quality.majority
    top = firsts[: MOST_SUSPECTS if learns else FEW_SUSPECTS]
    showing = Showing(pictures)
    everything = Group(_tiles(showing, quality, top))
    blocks: list[Block] = [
        Heading("Most suspect"),
        Gallery((everything,), SUSPECTS, tile_px=82),
    ]
    if 3 <= len(quality.classes) <= MOST_IN_PLOT and learns:
        by_class = _groups_by_class(showing, quality, firsts)
        blocks += [Heading("Most suspect of each class"), Gallery(by_class, tile_px=82)]
    return blocks


def _groups_by_class(
    showing: Showing,
    quality: LabelQuality,
    ranks: Positions,
) -> tuple[Group, ...]:
    given = showing.pictures.labels[quality.suspects]
    groups = []
    for label in quality.classes:
        chosen = ranks[given[ranks] == label][:MOST_OF_CLASS]
        title = f"Labelled {showing.pictures.classes[label].name}"
        note = f"{int((given == label).sum()):,} suspect"
        if len(chosen):
            groups.append(Group(_tiles(showing, quality, chosen), title, note))
    return tuple(groups)


def _tiles(
    showing: Showing, quality: LabelQuality, ranks: Iterable[int]
) -> tuple[Tile, ...]:
    tiles = []
    for rank in ranks:
        other = showing.pictures.classes[int(quality.suggested[rank])].name
        detail = f"{other} {100 * quality.suggested_share[rank]:.0f} %"
        tiles.append(showing.tile(int(quality.suspects[rank]), detail=detail))
    return tuple(tiles)


def _joint_plot(pictures: Pictures, quality: LabelQuality) -> Figure:
    totals = np.maximum(quality.joint.sum(axis=1, keepdims=True), 1)
    names = [pictures.classes[k].name for k in quality.classes]
    axis = Axis("counts for", "label")
    shares = quality.joint / totals
    return heatmap("confident_joint", JOINT, shares, (names, names), axis)


def _agreement_plot(pictures: Pictures, agreement: Agreement) -> Figure:
    totals = np.maximum(agreement.matrix.sum(axis=1, keepdims=True), 1e-9)
    names = [label.name for label in pictures.classes]
    axis = Axis("most votes", "label")
    shares = agreement.matrix / totals
    return heatmap("votes_agreement", AGREEMENT, shares, (names, names), axis)
