"""Where things stand on a frame: boxes, their plates and their bars."""

from collections.abc import Sequence

from mimika.reporting.annotate import Rectangle


def outline(box: tuple[float, float, float, float], size: tuple[int, int]) -> Rectangle:
    """A box as whole pixels inside a frame; at least one pixel.

    Args:
        box: x, y, width and height; may reach over the border.
        size: width and height of the frame.
    """
    x, y, w, h = box
    width, height = size
    left, top = min(max(round(x), 0), width - 1), min(max(round(y), 0), height - 1)
    right = min(max(round(x + w), left + 1), width)
    bottom = min(max(round(y + h), top + 1), height)
    return Rectangle(left, top, right - 1, bottom - 1)


def of_plate(
    box: Rectangle,
    size: tuple[int, int],
    frame: tuple[int, int],
    taken: Sequence[Rectangle],
) -> Rectangle:
    """Above a box, below it or inside: the first of the places that covers least.

    Args:
        box: of a face.
        size: width and height of the plate.
        frame: width and height of the frame.
        taken: boxes and plates, this box among them.
    """
    aligned = box.right - size[0]
    corners = [
        (left, top)
        for top in (box.top - size[1], box.bottom + 1)
        for left in (box.left, aligned)
    ]
    corners.append((box.left, box.top))
    places = [_inside(left, top, size, frame) for left, top in corners]
    return min(places, key=lambda place: sum(map(place.shared, taken)))


def of_bars(
    box: Rectangle,
    plate: Rectangle,
    size: tuple[int, int],
    frame: tuple[int, int],
    taken: Sequence[Rectangle],
) -> Rectangle | None:
    """Right of a box, left of it, below or above; over nothing that is drawn already.

    A box that leaves no room on any side gets its bars inside, at its right edge.

    Args:
        box: of a face.
        plate: of the same face.
        size: width and height of the bars.
        frame: width and height of the frame.
        taken: boxes and plates, this box among them.

    Returns:
        None where there is no place.
    """
    beside = [
        (box.right + 2, box.top),
        (box.left - size[0] - 2, box.top),
        (box.left, max(box.bottom, plate.bottom) + 2),
        (box.left, min(box.top, plate.top) - size[1] - 2),
    ]
    for left, top in beside:
        if left >= 0 and left + size[0] <= frame[0]:
            place = _inside(left, top, size, frame)
            if not any(place.shared(other) for other in taken):
                return place
    wide, high = box.right - box.left, box.bottom - box.top
    if wide >= 2 * size[0] and high >= size[1]:
        return _inside(box.right - size[0], box.bottom - size[1], size, frame)
    return None


def _inside(
    left: int, top: int, size: tuple[int, int], frame: tuple[int, int]
) -> Rectangle:
    """A place moved so that it lies inside the frame, as far as it fits."""
    left = max(min(left, frame[0] - size[0]), 0)
    top = max(min(top, frame[1] - size[1]), 0)
    return Rectangle(left, top, left + size[0], top + size[1])
