"""The page steadies answers exactly as the Python smoother does."""

from dataclasses import dataclass

import numpy as np
import pytest
from playwright.sync_api import Page

from mimika.core.preprocess import FloatArray
from mimika.runtime.smoothing import Smoothed, Smoother

pytestmark = pytest.mark.browser

CLASSES, SEQUENCES, STEPS = 7, 60, 200
# Each sequence {rows: [probabilities ...], times: [seconds ...]} through one smoother.
SMOOTH = """async (sequences) => {
  const {Smoother} = await import("/static/mimika/live/smoothing.js");
  return sequences.map(({rows, times}) => {
    const smoother = new Smoother();
    return rows.map((row, i) => smoother.update(row, times[i]));
  });
}"""


@dataclass
class Sequence:
    """Answers float32 (N, K), each sums to 1, and their times in seconds."""

    rows: FloatArray
    times: list[float]

    def as_json(self) -> dict[str, list]:
        return {"rows": self.rows.tolist(), "times": self.times}

    def smoothed(self) -> list[Smoothed]:
        smoother = Smoother()
        pairs = zip(self.rows, self.times, strict=True)
        return [smoother.update(row, time_s) for row, time_s in pairs]


def drawn(seed: int) -> Sequence:
    """Classes that change and shake, with outliers, at irregular times."""
    rng = np.random.default_rng(seed)
    spread = rng.uniform(0.1, 2)
    shown = np.zeros((STEPS, CLASSES))
    for start in range(0, STEPS, 25):
        length = int(rng.integers(2, 40))
        part = rng.normal(0, 1.5, CLASSES)
        if rng.random() < 0.3:  # two that are nearly equal, and nothing else
            part = np.where(rng.permutation(CLASSES) < 2, 6 + part / 20, -1)
        shown[start : start + length] = part
    outliers = rng.random(STEPS) < 0.05
    shown[outliers] = 6 * np.eye(CLASSES)[rng.integers(CLASSES, size=outliers.sum())]
    powers = np.exp(shown + rng.normal(0, spread, shown.shape))
    rows = powers / powers.sum(axis=1, keepdims=True)
    certain = rng.random(STEPS) < 0.03  # zeros, which have no logarithm
    rows[certain] = np.eye(CLASSES)[rows[certain].argmax(axis=1)]
    return Sequence(rows.astype(np.float32), times(rng))


def times(rng: np.random.Generator) -> list[float]:
    """Steps of 5 to 120 ms; some frames at one time, and a long gap."""
    steps = rng.uniform(0.005, rng.uniform(0.02, 0.12), STEPS)
    steps[rng.random(STEPS) < 0.05] = 0
    steps[int(rng.integers(STEPS))] = 12.5
    return (100 + steps.cumsum()).tolist()


def test_the_same_answers_are_smoothed_as_in_python_at_every_step(
    live_page: Page,
) -> None:
    sequences = [drawn(seed) for seed in range(SEQUENCES)]
    found = live_page.evaluate(SMOOTH, [each.as_json() for each in sequences])
    for seed, (ours, sequence) in enumerate(zip(found, sequences, strict=True)):
        expected = sequence.smoothed()
        np.testing.assert_allclose(
            [one["probabilities"] for one in ours],
            [one.probabilities for one in expected],
            rtol=0,
            atol=1e-6,
            err_msg=f"seed {seed}",
        )
        assert [one["label"] for one in ours] == [one.label for one in expected], seed
        assert [one["sure"] for one in ours] == [one.sure for one in expected], seed


def test_the_sequences_have_what_the_rule_is_made_for() -> None:
    for seed in range(0, SEQUENCES, 10):
        sequence = drawn(seed)
        smoothed = sequence.smoothed()
        sure = [one.sure for one in smoothed]
        assert len({one.label for one in smoothed}) > 2
        assert 0.05 < np.mean(sure) < 0.95
        assert (sequence.rows == 0).any()
        steps = np.diff(sequence.times)
        assert (steps == 0).any()
        assert steps.max() > 10


@pytest.mark.parametrize("sure", [True, False])
def test_a_face_is_marked_as_unsure_where_the_smoother_says_so(
    sure: bool, live_page: Page
) -> None:
    found = live_page.evaluate(
        """async (sure) => {
          const {Panel} = await import("/static/mimika/live/panel.js");
          const {Overlay} = await import("/static/mimika/live/overlay.js");
          const facts = JSON.parse(document.getElementById("live-facts").textContent);
          const find = (name) => document.querySelector(`[data-${name}]`);
          const probabilities = facts.labels.map((_, i) => (i ? 0.05 : 0.7));
          const box = [10, 10, 50, 50];
          const people = [{number: 1, box, probabilities, label: 0, sure}];
          const words = [];
          CanvasRenderingContext2D.prototype.fillText = (text) => words.push(text);
          new Overlay(find("overlay"), find("video"), facts).draw(people, false);
          new Panel(find("people"), find("template"), facts).show(people);
          return words;
        }""",
        sure,
    )
    badge = live_page.locator("[data-person]").get_by_text("unsure", exact=True)
    assert badge.is_visible() is not sure
    assert [words.endswith("?") for words in found] == [not sure]
