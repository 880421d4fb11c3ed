"""A contact sheet: what a policy makes of pictures, to look at before training."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from mimika.augmentation.policies import Policy
from mimika.augmentation.transforms import ALLOWED, Step
from mimika.core.files import replacing
from mimika.core.preprocess import UInt8Array
from mimika.reporting.annotate import FONT_FILE

ZOOM = 3  # the pictures' pixels stay visible as squares
GAP = 10
MARGIN = 24
CAPTION = 150  # width of the column of names
LEAST_WIDTH = 920  # so that the titles have room above few columns
TITLE_PX, TEXT_PX = 24, 15
LINE = TEXT_PX + 6
PAPER, INK, FAINT = "#ffffff", "#111111", "#555555"

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@dataclass(frozen=True)
class Specimen:
    """A picture to show.

    Attributes:
        image: uint8 (S, S), grey, 0..255.
        caption: what it is: its class.
        row: its number in the data set; what is drawn for it depends on that.
    """

    image: UInt8Array
    caption: str
    row: int


def in_turns(labels: Sequence[int], seed: int) -> list[int]:
    """Positions in random order, one of each class before the second of any.

    Args:
        labels: the class of each picture.
        seed: seeds the order.
    """
    shuffled = np.random.default_rng(seed).permutation(len(labels))
    seen: Counter[int] = Counter()
    turns: list[tuple[int, int]] = []
    for position in shuffled.tolist():
        turns.append((seen[labels[position]], position))
        seen[labels[position]] += 1
    # a stable sort: within a turn the order stays random
    return [position for _, position in sorted(turns, key=lambda pair: pair[0])]


def draw_sheet(
    policy: Policy, specimens: Sequence[Specimen], columns: int, seed: int
) -> UInt8Array:
    """Originals in the first column, beside each what an epoch makes of it.

    Args:
        policy: what is done.
        specimens: at least one picture, all of one size.
        columns: pictures in a row, the original counted.
        seed: seed of the run that is shown.

    Returns:
        uint8 (H, W, 3), RGB.
    """
    side = len(specimens[0].image)
    cell = side * ZOOM
    width = max(2 * MARGIN + CAPTION + columns * (cell + GAP) - GAP, LEAST_WIDTH)
    title, text = _font(TITLE_PX), _font(TEXT_PX)
    lines = _described(policy.steps)
    top = MARGIN + 2 * TITLE_PX + (len(lines) + 2) * LINE
    height = top + len(specimens) * (cell + GAP) - GAP + MARGIN
    sheet = Image.new("RGB", (width, height), PAPER)
    draw = ImageDraw.Draw(sheet)
    draw.text((MARGIN, MARGIN), _title(policy, seed), INK, title)
    for number, line in enumerate(lines):
        line = _shortened(line, text, width - 2 * MARGIN)
        draw.text((MARGIN, MARGIN + 2 * TITLE_PX + number * LINE), line, FAINT, text)
    for column in range(columns):
        place = (_left(column, cell), top - LINE)
        draw.text(place, f"epoch {column}" if column else "original", INK, text)
    augmenter = policy.build(side)
    for number, specimen in enumerate(specimens):
        y = top + number * (cell + GAP)
        _draw_caption(draw, specimen, y + cell // 2, text)
        for column in range(columns):
            image = specimen.image
            if column:
                image = augmenter(image, seed=seed, epoch=column, row=specimen.row)
            enlarged = Image.fromarray(image).resize((cell, cell), Image.Resampling.BOX)
            sheet.paste(enlarged, (_left(column, cell), y))
    return np.asarray(sheet)


def save_sheet(path: Path, sheet: UInt8Array) -> None:
    """Writes a PNG, which appears under its name when it is complete.

    Args:
        path: the file; one that is there is replaced.
        sheet: uint8 (H, W, 3), RGB.

    Raises:
        OSError: it cannot be written.
    """
    with replacing(path) as partial:
        Image.fromarray(sheet).save(partial, "PNG")


def _title(policy: Policy, seed: int) -> str:
    return f"Augmentation \u201c{policy.name}\u201d, seed {seed}"


def _described(steps: Sequence[Step]) -> list[str]:
    """A line for each transform with its ranges, without those that do nothing."""
    if not steps:
        return ["nothing is changed"]
    return [f"{s.name}, p {s.p:g}{_ranges(s)}" for s in steps]


def _ranges(step: Step) -> str:
    told = [
        f"{name} [{low:g}, {high:g}]"
        for name, (low, high) in step.ranges
        if low != high or (low, high) != ALLOWED[step.name][name].default
    ]
    return f": {', '.join(told)}" if told else ""


def _draw_caption(
    draw: ImageDraw.ImageDraw, specimen: Specimen, middle: int, font: Font
) -> None:
    caption = _shortened(specimen.caption, font, CAPTION - GAP)
    draw.text((MARGIN, middle), caption, INK, font, anchor="ld")
    draw.text((MARGIN, middle + 4), f"row {specimen.row}", FAINT, font, anchor="la")


def _shortened(text: str, font: Font, width: int) -> str:
    if font.getlength(text) <= width:
        return text
    while text and font.getlength(text + "\u2026") > width:
        text = text[:-1]
    return text + "\u2026"


def _left(column: int, cell: int) -> int:
    return MARGIN + CAPTION + column * (cell + GAP)


def _font(size: int) -> Font:
    return ImageFont.truetype(str(FONT_FILE), size)
