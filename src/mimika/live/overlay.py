"""What people see on a moving picture: boxes, names, bars, and how fast it goes.

It is drawn for every frame, so it is kept cheap: lines by OpenCV, letters from a cache.
All sizes follow the height of the frame, from 320x240 to 4K.
"""

from dataclasses import dataclass

import cv2

from mimika.core.preprocess import UInt8Array
from mimika.core.tasks import Task, channels_of, text_colour
from mimika.live.frames import Frame
from mimika.live.moment import Moment, Person
from mimika.live.places import of_bars, of_plate, outline
from mimika.reporting.annotate import Rectangle
from mimika.reporting.sprites import darken, stamp, text_mask

HALO = (16, 16, 16)
PAPER = (245, 245, 245)
RAIL = (70, 70, 70)
LEAST_FONT_PX, MOST_FONT_PX = 11, 64
FONT_SHARE = 0.03  # of the frame's height
FEW = 3  # people: more get smaller letters without figures, and only these get bars
LEAST_BARS_PX = 30  # sides of boxes that get bars


@dataclass(frozen=True)
class Sizes:
    """How large things are drawn, in pixels."""

    font: int
    small: int
    line: int
    pad: int

    @staticmethod
    def of(width: int, height: int, *, many: bool = False) -> "Sizes":
        """For a frame of this size, with many people or few."""
        shorter = min(height, round(0.75 * width))
        share = FONT_SHARE * (0.75 if many else 1)
        font = min(max(round(share * shorter), LEAST_FONT_PX), MOST_FONT_PX)
        small = max(round(0.85 * font), 9)
        return Sizes(font, small, max(1, font // 7), max(2, font // 4))


class Overlay:
    """Draws what is known about a frame."""

    def __init__(self, task: Task) -> None:
        """Takes names and colours from a task."""
        self._task = task
        self._names = {label.key: label.name for label in task.labels}
        self._colours = {label.key: channels_of(label.colour) for label in task.labels}
        self._letters = {
            label.key: channels_of(text_colour(label.colour)) for label in task.labels
        }

    def draw(self, frame: Frame, moment: Moment, *, status: bool = True) -> Frame:
        """A copy of a frame with everything drawn on it.

        Args:
            frame: of which the moment is.
            moment: who is in it.
            status: whether to say how many frames a second there are and how long
                each stage takes.
        """
        pixels = frame.pixels.copy()
        height, width = pixels.shape[:2]
        many = len(moment.people) > FEW
        sizes = Sizes.of(width, height, many=many)
        people = sorted(moment.people, key=lambda person: -person.box[2])
        boxes = [outline(person.box, (width, height)) for person in people]
        for person, box in zip(people, boxes, strict=True):
            self._box(pixels, person, box, sizes)
        taken = [*boxes, _status(pixels, moment, sizes)] if status else list(boxes)
        plates = []
        for person, box in zip(people, boxes, strict=True):
            text = self._words(person, figures=not many)
            plates.append(self._plate(pixels, (person, text), box, sizes, taken))
            taken.append(plates[-1])
        for person, *around in list(zip(people, boxes, plates, strict=True))[:FEW]:
            self._bars(pixels, person, around, sizes, taken)
        return Frame(pixels, frame.time_s, frame.index)

    def _box(
        self, pixels: UInt8Array, person: Person, box: Rectangle, sizes: Sizes
    ) -> None:
        """A line in the colour of the class with a dark one around it.

        Corners alone where the answer is unsure.
        """
        colour = self._colours[person.label]
        left, top, right, bottom = box
        halo = sizes.line + 2 * max(1, sizes.line // 2)
        for ink, width in ((HALO, halo), (colour, sizes.line)):
            if person.sure:
                cv2.rectangle(pixels, (left, top), (right, bottom), ink, width)
                continue
            arm = max(4, (right - left) // 4)
            for x, across in ((left, arm), (right, -arm)):
                for y, down in ((top, arm), (bottom, -arm)):
                    cv2.line(pixels, (x, y), (x + across, y), ink, width)
                    cv2.line(pixels, (x, y), (x, y + down), ink, width)

    def _words(self, person: Person, *, figures: bool) -> str:
        """Who it is and what is shown; a question mark if that is unsure."""
        name = self._names[person.label]
        if not person.sure:
            return f"{person.identity}  {name}?" + ("  unsure" if figures else "")
        certainty = f" {100 * person.probability:.0f} %" if figures else ""
        return f"{person.identity}  {name}{certainty}"

    def _plate(
        self,
        pixels: UInt8Array,
        said: tuple[Person, str],
        box: Rectangle,
        sizes: Sizes,
        taken: list[Rectangle],
    ) -> Rectangle:
        """The words on a plate in the colour of the class; a dark one if unsure.

        Returns:
            Where it is.
        """
        person, text = said
        mask = text_mask(text, sizes.font)
        size = (mask.shape[1] + 2 * sizes.pad, mask.shape[0] + sizes.pad)
        height, width = pixels.shape[:2]
        place = of_plate(box, size, (width, height), taken)
        fill, edge, ink = self._colours[person.label], HALO, self._letters[person.label]
        if not person.sure:
            fill, edge, ink = HALO, fill, PAPER
        left, top, right, bottom = place
        cv2.rectangle(pixels, (left, top), (right - 1, bottom - 1), fill, -1)
        cv2.rectangle(pixels, (left, top), (right - 1, bottom - 1), edge, 1)
        stamp(pixels, mask, (left + sizes.pad, top + sizes.pad // 2), ink)
        return place

    def _bars(
        self,
        pixels: UInt8Array,
        person: Person,
        around: list[Rectangle],
        sizes: Sizes,
        taken: list[Rectangle],
    ) -> None:
        """A bar for each class, beside the box and its plate where there is room."""
        box, plate = around
        if min(box.right - box.left, box.bottom - box.top) < LEAST_BARS_PX:
            return
        names = [text_mask(name, sizes.small) for name in self._task.names]
        widest, high = max(n.shape[1] for n in names), names[0].shape[0]
        size = (2 * widest + 3 * sizes.pad, len(names) * high + sizes.pad)
        height, width = pixels.shape[:2]
        place = of_bars(box, plate, size, (width, height), taken)
        if place is None:
            return
        taken.append(place)
        darken(pixels, place)
        start = place.left + widest + 2 * sizes.pad
        thick = max(3, high // 2)
        for row, (key, mask) in enumerate(zip(self._task.keys, names, strict=True)):
            y = place.top + sizes.pad // 2 + row * high
            ink = PAPER if key == person.label else (190, 190, 190)
            stamp(pixels, mask, (place.left + sizes.pad, y), ink)
            top = y + (high - thick) // 2
            end = start + round(widest * person.probabilities[key])
            cv2.rectangle(pixels, (start, top), (start + widest, top + thick), RAIL, -1)
            if end > start:
                colour = self._colours[key]
                cv2.rectangle(pixels, (start, top), (end, top + thick), colour, -1)


def _status(pixels: UInt8Array, moment: Moment, sizes: Sizes) -> Rectangle:
    """One line at the top: frames a second, and milliseconds by stage.

    Returns:
        Where it is.
    """
    parts = [f"{name} {ms:.1f}" for name, ms in moment.stage_ms.items() if ms >= 0.05]
    total = sum(moment.stage_ms.values())
    words = [f"{moment.frames_per_s:.0f} frames/s"] if moment.frames_per_s else []
    words += [f"{total:.0f} ms"] if parts else []
    line = "  ".join(words)
    if not line:
        return Rectangle(0, 0, 0, 0)
    mask = text_mask(line, sizes.small)
    longer = text_mask(f"{line}:  {'  '.join(parts)}", sizes.small)
    if parts and longer.shape[1] + 2 * sizes.pad <= pixels.shape[1]:
        mask = longer
    area = Rectangle(0, 0, mask.shape[1] + 2 * sizes.pad, mask.shape[0] + sizes.pad)
    darken(pixels, area)
    stamp(pixels, mask, (sizes.pad, sizes.pad // 2), PAPER)
    return area
