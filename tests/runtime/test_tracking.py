"""Who is who from picture to picture, with a detector that sees what the test says."""

import cv2
import numpy as np
import pytest

from mimika.runtime.faces import Detection
from mimika.runtime.tracking import Tracker, TrackerSettings, is_cut

RATE = 30
SIDE = 100
LANDMARKS = np.array([[0.3, 0.4], [0.7, 0.4], [0.5, 0.6], [0.35, 0.8], [0.65, 0.8]])


def textured(seed, size, tint=(1.0, 1.0, 1.0)):
    rng = np.random.default_rng(seed)
    rough = rng.integers(0, 256, (*size, 1), np.uint8)
    soft = cv2.GaussianBlur(rough, (0, 0), 5).astype(float)
    spread = ((soft - soft.mean()) * 6 + 128).clip(0, 255)[:, :, None]
    return (spread * tint).clip(0, 255).astype(np.uint8)


def scenery(seed):
    """Something coarse, which tells scenes apart, and something fine to follow."""
    blocks = np.random.default_rng(seed).integers(0, 256, (8, 10, 3), np.uint8)
    coarse = cv2.resize(blocks, (640, 480), interpolation=cv2.INTER_LINEAR)
    return coarse // 2 + textured(seed + 1, (480, 640)) // 2


BACKGROUND, ELSEWHERE = scenery(97), scenery(55)
FACES = {
    "anna": textured(1, (SIDE, SIDE), (1.0, 0.8, 0.7)),
    "boris": textured(2, (SIDE, SIDE), (0.7, 0.6, 0.5)),
    "twin": textured(1, (SIDE, SIDE), (1.0, 0.8, 0.7)),
}


class Stage:
    """Draws people and tells the tracker where their faces are."""

    def __init__(self, settings=None):
        self.tracker = Tracker(self.detect, settings)
        self.time_s = 0.0
        self.looked = 0
        self.visible = []

    def detect(self, _pixels):
        self.looked += 1
        return list(self.visible)

    def show(self, places, found=None, background=BACKGROUND, score=0.9):
        """One picture: places by name, the later ones in front.

        `found` names those whom the detector sees; all of them if it is not given.
        """
        pixels = background.copy()
        for name, (x, y) in places.items():
            x, y = round(x), round(y)
            part = pixels[max(y, 0) : y + SIDE, max(x, 0) : x + SIDE]
            left, top = max(-x, 0), max(-y, 0)
            part[:] = FACES[name][top:, left:][: part.shape[0], : part.shape[1]]
        seen = places if found is None else found
        self.visible = [
            Detection(
                (float(x), float(y), float(SIDE), float(SIDE)),
                score,
                np.float32(LANDMARKS * SIDE + (x, y)),
            )
            for x, y in (places[name] for name in seen)
        ]
        tracks = self.tracker.update(pixels, self.time_s)
        self.time_s += 1 / RATE
        return tracks


def who_is_at(tracks, place):
    """The identity at a place, or None."""
    near = [
        t for t in tracks if np.hypot(t.box[0] - place[0], t.box[1] - place[1]) < 40
    ]
    return near[0].identity if near else None


def test_people_get_numbers_in_the_order_of_their_appearance():
    stage = Stage()
    assert stage.show({}) == []
    for _ in range(4):  # the detector looks ten times a second
        tracks = stage.show({"anna": (100, 100)})
    first = tracks[0]
    for _ in range(5):
        tracks = stage.show({"anna": (100, 100), "boris": (400, 100)})
    assert first.identity == 1
    assert [(t.identity, round(t.box[0])) for t in tracks] == [(1, 100), (2, 400)]
    assert all(t.seen for t in tracks)


def test_between_two_looks_faces_are_followed_by_what_moves():
    stage = Stage()
    for k in range(30):
        (track,) = stage.show({"anna": (100 + 5 * k, 100 + k)})
        assert track.seen
        assert track.box[:2] == pytest.approx((100 + 5 * k, 100 + k), abs=4)
        expected = LANDMARKS * SIDE + (100 + 5 * k, 100 + k)
        np.testing.assert_allclose(track.landmarks, expected, atol=5)
    assert stage.looked <= 12  # of 30 pictures


@pytest.mark.parametrize("speed", [3, 6, 10])
@pytest.mark.parametrize("names", [("boris", "anna"), ("twin", "anna")])
def test_identities_survive_crossing(names, speed):
    behind, front = names
    stage = Stage()
    for k in range(round(460 / speed)):
        places = {behind: (500 - speed * k, 150), front: (40 + speed * k, 160)}
        gap = abs(places[behind][0] - places[front][0])
        hidden = gap < 0.7 * SIDE
        tracks = stage.show(places, [front] if hidden else None)
        if k == 5:
            before = {name: who_is_at(tracks, places[name]) for name in names}
    after = {name: who_is_at(tracks, places[name]) for name in names}
    assert set(before.values()) == {1, 2}
    assert after == before


def test_those_who_turn_back_are_known_by_their_looks():
    stage = Stage()
    for k in range(80):
        step = 5 * min(k, 80 - k)
        places = {"boris": (420 - step, 150), "anna": (100 + step, 150)}
        hidden = abs(places["boris"][0] - places["anna"][0]) < 0.7 * SIDE
        tracks = stage.show(places, ["anna"] if hidden else None)
        if k == 5:
            before = [who_is_at(tracks, places[n]) for n in ("boris", "anna")]
    assert [who_is_at(tracks, places[n]) for n in ("boris", "anna")] == before


@pytest.mark.parametrize("place", [(200, 150), (260, 170), (450, 60)])
@pytest.mark.parametrize("away_s", [0.5, 1.0, 3.0])
def test_identities_survive_an_absence(place, away_s):
    stage = Stage()
    for _ in range(20):
        (before,) = stage.show({"anna": (200, 150)})
    for _ in range(round(away_s * RATE)):
        tracks = stage.show({})
    assert tracks == []
    for _ in range(5):
        tracks = stage.show({"anna": place})
    assert [t.identity for t in tracks] == [before.identity]


def test_somebody_else_elsewhere_is_somebody_else():
    stage = Stage()
    for _ in range(20):
        stage.show({"anna": (50, 150)})
    for _ in range(40):
        stage.show({})
    for _ in range(5):
        tracks = stage.show({"boris": (500, 60)})
    assert [t.identity for t in tracks] == [2]


def test_somebody_else_in_the_same_place_later_is_somebody_else():
    stage = Stage()
    for _ in range(20):
        stage.show({"anna": (200, 150)})
    for _ in range(60):
        stage.show({})
    for _ in range(5):
        tracks = stage.show({"boris": (200, 150)})
    assert [t.identity for t in tracks] == [2]


def test_who_was_away_for_too_long_is_forgotten():
    stage = Stage(TrackerSettings(forget_s=1.0))
    for _ in range(10):
        stage.show({"anna": (200, 150)})
    for _ in range(45):
        stage.show({})
    for _ in range(5):
        tracks = stage.show({"anna": (200, 150)})
    assert [t.identity for t in tracks] == [2]


def test_and_also_where_no_picture_came_meanwhile():
    stage = Stage()
    for _ in range(10):
        stage.show({"anna": (200, 150)})
    stage.time_s += 3600
    for _ in range(5):
        tracks = stage.show({"anna": (200, 150)})
    assert [t.identity for t in tracks] == [2]


def test_a_head_that_the_detector_does_not_see_is_followed_for_a_while():
    stage = Stage()
    for k in range(20):
        stage.show({"anna": (200 + 2 * k, 150)})
    for k in range(20, 20 + RATE):
        (track,) = stage.show({"anna": (200 + 2 * k, 150)}, found=[])
        assert track.seen
        assert track.box[0] == pytest.approx(200 + 2 * k, abs=6)
    assert track.hidden_s == pytest.approx(1, abs=0.15)
    for k in range(20 + RATE, 20 + 3 * RATE):
        tracks = stage.show({"anna": (200 + 2 * k, 150)}, found=[])
    assert tracks == []
    for k in range(20 + 3 * RATE, 20 + 3 * RATE + 5):
        tracks = stage.show({"anna": (200 + 2 * k, 150)})
    assert [t.identity for t in tracks] == [1]


def test_a_face_that_goes_away_is_not_left_standing():
    stage = Stage()
    for _ in range(20):
        stage.show({"anna": (200, 150)})
    for k in range(20):
        tracks = stage.show({})
        assert not any(t.seen for t in tracks)
        assert bool(tracks) == (k / RATE < TrackerSettings().shown_s - 1 / RATE)


def test_what_is_taken_for_a_face_once_is_nobody():
    stage = Stage()
    assert stage.show({"anna": (200, 150)}, score=0.6) == []
    for _ in range(20):
        assert stage.show({}) == []
    for _ in range(4):
        tracks = stage.show({"boris": (400, 150)}, score=0.6)
    assert [t.identity for t in tracks] == [1]


def test_a_picture_that_changes_in_its_place_stays_one_person():
    stage = Stage()
    for _ in range(20):
        stage.show({"anna": (200, 150)})
    for _ in range(10):
        tracks = stage.show({"boris": (206, 146)})
        assert [t.identity for t in tracks] == [1]


def test_after_a_cut_only_looks_count():
    stage = Stage()
    for _ in range(20):
        stage.show({"anna": (200, 150)})
    for _ in range(5):
        tracks = stage.show({"boris": (200, 150)}, background=ELSEWHERE)
    assert [t.identity for t in tracks if t.seen] == [2]
    for _ in range(5):
        tracks = stage.show({"anna": (420, 250)})
    assert [t.identity for t in tracks if t.seen] == [1]


def test_quick_movements_are_followed():
    stage = Stage()
    for k in range(60):
        place = (270 + 200 * np.sin(2 * np.pi * k / RATE), 150)
        tracks = stage.show({"anna": place})
        assert [t.identity for t in tracks] == [1]
        assert tracks[0].box[0] == pytest.approx(place[0], abs=0.4 * SIDE)


def test_a_picture_of_another_size_is_no_problem():
    stage = Stage()
    for _ in range(5):
        stage.show({"anna": (200, 150)})
    smaller = BACKGROUND[:360, :480].copy()
    tracks = stage.show({"anna": (200, 150)}, background=smaller)
    assert [t.identity for t in tracks] == [1]


def test_a_cut_is_told_from_a_camera_that_moves_and_from_light_that_changes():
    one, other = BACKGROUND[:, :, 0], ELSEWHERE[:, :, 0]
    panned = np.roll(one, 12, axis=1)
    lighter = (one * 0.9 + 40).clip(0, 255).astype(np.uint8)
    assert is_cut(one, other)
    assert not is_cut(one, panned)
    assert not is_cut(one, lighter)
    assert is_cut(one, one[:100])
