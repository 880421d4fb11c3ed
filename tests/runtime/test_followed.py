"""One face that is followed, and how well a detection fits it."""

import math

import numpy as np
import pytest

from mimika.runtime.appearance import Appearance
from mimika.runtime.faces import Detection
from mimika.runtime.flow import Step
from mimika.runtime.followed import BRIEF_S, Followed, grown, overlap

BOX = (100.0, 100.0, 80.0, 100.0)


def looks(angle):
    """Appearances whose likeness falls with the angle between them, in degrees."""
    pattern = np.zeros(256, np.float32)
    pattern[:2] = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    return Appearance(pattern, np.full(64, 1 / 64, np.float32))


def found(box=BOX, score=0.9):
    x, y, w, h = box
    eyes = [[x + w * 0.3, y + h * 0.4]] * 5
    return Detection(box, score, np.float32(eyes))


def at(across, down=0.0, scale=1.0):
    x, y, w, h = BOX
    return found((x + across, y + down, w * scale, h * scale))


@pytest.fixture
def face():
    return Followed.begin(found(), looks(0), 0.0)


def cost(face, detection, angle=0, absent_s=0.0, moved=False):
    return face.cost(detection, looks(angle), absent_s, moved=moved)


def test_the_same_place_and_looks_cost_nothing(face):
    assert cost(face, at(0)) == pytest.approx(0, abs=1e-6)


def test_farther_and_less_alike_cost_more(face):
    assert cost(face, at(0)) < cost(face, at(20)) < cost(face, at(40))
    assert cost(face, at(0)) < cost(face, at(0), 45) < cost(face, at(0), 90)


def test_who_is_in_sight_cannot_jump(face):
    assert cost(face, at(400)) == math.inf
    assert cost(face, at(0, scale=3)) == math.inf


def test_who_was_out_of_sight_may_come_back_anywhere_by_looks(face):
    assert cost(face, at(400), absent_s=0.5) < math.inf
    assert cost(face, at(400), 60, absent_s=0.5) == math.inf


def test_after_long_the_place_alone_says_nothing(face):
    assert cost(face, at(0), 80, absent_s=BRIEF_S / 2) < math.inf
    assert cost(face, at(0), 80, absent_s=BRIEF_S * 2) == math.inf
    assert cost(face, at(0), 50, absent_s=BRIEF_S * 2) < math.inf


def test_after_a_cut_only_looks_count(face):
    assert cost(face, at(0), 80, moved=True) == math.inf
    assert cost(face, at(300), 10, moved=True) < math.inf


def test_who_is_half_hidden_keeps_place_and_looks(face):
    face.meet(at(40, scale=0.6), looks(70), 0.1, alone=False)
    assert face.motion.box[0] == pytest.approx(100, abs=6)
    assert face.looks.likeness(looks(0)) > 0.95
    assert face.sightings == 2


def test_looks_that_stay_as_usual_are_brought_up_to_date(face):
    for k in range(20):
        face.go_on(0.1 * k, 0.1)
        face.meet(at(0), looks(30), 0.1 * k, alone=True)
    assert face.looks.likeness(looks(30)) > 0.98


def test_landmarks_move_with_their_box(face):
    before = face.landmarks.copy()
    face.step(face.motion.box, Step(10, 5, 1.0), 0.1)
    moved = np.array(face.motion.box[:2]) - BOX[:2]
    np.testing.assert_allclose(face.landmarks - before, [moved] * 5, atol=0.01)
    assert moved[0] > 5


@pytest.mark.parametrize(
    ("other", "share"),
    [
        (BOX, 1),
        ((140, 100, 80, 100), 1 / 3),
        ((180, 100, 80, 100), 0),
        ((0, 0, 0, 0), 0),
    ],
)
def test_overlap_is_the_share_of_both_boxes_together(other, share):
    assert overlap(BOX, other) == pytest.approx(share)


def test_a_grown_box_keeps_its_middle():
    assert grown((10, 20, 40, 60), 2) == (-10, -10, 80, 120)
