"""From a frame to who is in it and what each of them shows."""

from itertools import pairwise

import cv2
import numpy as np
import pytest

from mimika.core.card import ModelCard
from mimika.core.tasks import EMOTION
from mimika.data.reading import read_dataset
from mimika.live.frames import Frame
from mimika.live.scene import SceneReader, SceneSettings
from mimika.runtime.classifier import OnnxClassifier
from mimika.runtime.faces import FaceDetector
from mimika.runtime.pipeline import DEFAULT_MODEL, Analyzer

RATE = 30


class Brightness:
    """A classifier that says happy about light pictures and sad about dark ones."""

    def __init__(self, card: ModelCard) -> None:
        self.card = card
        self.asked: list[int] = []

    def predict(self, images):
        self.asked.append(len(images))
        rows = np.full((len(images), 7), 0.02, np.float32)
        for row, image in zip(rows, images, strict=True):
            row[3 if image.mean() > 127 else 4] = 0.88
        return rows


@pytest.fixture(scope="module")
def photographed():
    """The shipped networks."""
    return OnnxClassifier(DEFAULT_MODEL), FaceDetector()


@pytest.fixture
def portrait(photograph):
    """float32 (480, 410, 3): a photograph with one face."""
    picture = cv2.cvtColor(cv2.imread(str(photograph)), cv2.COLOR_BGR2RGB)
    return cv2.resize(picture, (410, 480), interpolation=cv2.INTER_AREA)


def frames_of(pictures):
    return [Frame(np.ascontiguousarray(p), k / RATE, k) for k, p in enumerate(pictures)]


def test_a_face_is_found_followed_and_classified(photographed, portrait):
    classifier, detector = photographed
    reader = SceneReader(classifier, detector)
    moments = [reader.read(frame) for frame in frames_of([portrait] * 10)]
    (first,), (last,) = moments[0].people, moments[-1].people
    assert first.identity == last.identity == 1
    assert sum(last.probabilities.values()) == pytest.approx(1)
    assert tuple(last.probabilities) == EMOTION.keys
    assert last.label == max(last.probabilities, key=last.probabilities.__getitem__)
    assert (moments[-1].width, moments[-1].height) == (410, 480)
    assert {"detect", "track", "crop", "classify"} <= set(moments[0].stage_ms)
    assert moments[-1].index == 9


def test_nobody_is_nobody(photographed):
    reader = SceneReader(*photographed)
    empty = np.full((480, 640, 3), 90, np.uint8)
    for frame in frames_of([empty] * 5):
        assert reader.read(frame).people == ()


def test_answers_are_steady_and_follow(photographed, portrait, make_card):
    reader = SceneReader(Brightness(make_card()), photographed[1])
    lighter = (portrait.astype(float) * 0.4 + 150).astype(np.uint8)
    darker = (portrait.astype(float) * 0.5).astype(np.uint8)
    pictures = [lighter] * 30 + [darker] + [lighter] * 29 + [darker] * 30
    labels = [reader.read(f).people[0].label for f in frames_of(pictures)]
    assert set(labels[:60]) == {"happy"}
    assert labels[60:].index("sad") <= 6
    assert set(labels[70:]) == {"sad"}


def test_the_longest_unanswered_faces_come_first(photographed, portrait, make_card):
    classifier = Brightness(make_card())
    settings = SceneSettings(faces_at_once=1)
    reader = SceneReader(classifier, photographed[1], settings)
    half = cv2.resize(portrait, (320, 375))
    both = np.full((480, 640, 3), 60, np.uint8)
    both[50:425, :320] = (half * 0.4 + 150).astype(np.uint8)
    both[50:425, 320:] = (half * 0.5).astype(np.uint8)
    moments = [reader.read(frame) for frame in frames_of([both] * 6)]
    assert max(classifier.asked[1:]) == 1
    labels = {person.box[0] > 320: person.label for person in moments[-1].people}
    assert labels == {False: "happy", True: "sad"}


def test_a_face_that_can_hardly_be_seen_is_unsure(photographed, portrait, make_card):
    reader = SceneReader(Brightness(make_card()), photographed[1])
    tiny = cv2.resize(portrait, (46, 54), interpolation=cv2.INTER_AREA)
    scene = np.full((240, 320, 3), 60, np.uint8)
    scene[80:134, 120:166] = (tiny * 0.4 + 150).astype(np.uint8)
    moments = [reader.read(frame) for frame in frames_of([scene] * 8)]
    assert [person.sure for person in moments[-1].people] == [False]


def shaky_films(samples, seed):
    """Frames of 10 s with a small face each, which trembles in noise."""
    rng = np.random.default_rng(seed)
    shift = np.zeros(2)
    for place in rng.integers(0, len(samples.images), 4):
        face = cv2.resize(
            samples.images[place], (90, 90), interpolation=cv2.INTER_CUBIC
        )
        for _ in range(10 * RATE):
            shift = 0.9 * shift + rng.normal(0, 1.0, 2)
            canvas = np.full((240, 240), 110, np.uint8)
            x, y = (75 + shift).round().astype(int).clip(0, 150)
            canvas[y : y + 90, x : x + 90] = face
            noisy = (canvas + rng.normal(0, 15, canvas.shape)).clip(0, 255)
            yield noisy.astype(np.uint8)[:, :, None].repeat(3, axis=2)


def changes(labels):
    return sum(before != after for before, after in pairwise(labels))


@pytest.mark.shared_data
def test_on_faces_of_fer2013_the_label_changes_a_fifth_as_often(
    shared_data, photographed
):
    samples = read_dataset(shared_data / "fer2013" / "fer2013.parquet")
    samples = samples.take(samples.splits == "PublicTest")
    classifier, detector = photographed
    reader, each = SceneReader(classifier, detector), Analyzer(classifier, detector)
    shown: list[str] = []
    single: list[str] = []
    for frame in frames_of(shaky_films(samples, seed=2)):
        shown += [person.label for person in reader.read(frame).people]
        alone = each.analyze(frame.pixels, detail="fast")
        single += [face.label for face in alone.faces]
    assert min(len(shown), len(single)) > 900
    assert changes(single) >= 5 * changes(shown) > 0
