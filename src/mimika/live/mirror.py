"""What a mirror shows: the picture and the places in it, not the texts."""

from dataclasses import replace

import cv2
import numpy as np

from mimika.live.frames import Frame
from mimika.live.moment import Moment, Person


def mirrored_frame(frame: Frame) -> Frame:
    """The frame with left and right exchanged."""
    return replace(frame, pixels=np.asarray(cv2.flip(frame.pixels, 1), np.uint8))


def mirrored_moment(moment: Moment) -> Moment:
    """The moment that fits to the mirrored frame."""
    people = tuple(_mirrored(person, moment.width) for person in moment.people)
    return replace(moment, people=people)


def _mirrored(person: Person, width: int) -> Person:
    x, y, w, h = person.box
    return replace(person, box=(width - x - w, y, w, h))
