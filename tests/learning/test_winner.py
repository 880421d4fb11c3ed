"""The card and the file of the strategy that is taken."""

import numpy as np
import pytest

from mimika.core.errors import ParityError
from mimika.learning import winner
from mimika.learning.folds import plan_folds
from mimika.learning.photographs import Material
from mimika.learning.scores import score
from mimika.learning.strategies import scratch_strategy
from mimika.learning.winner import Recipe, expected_elsewhere, export, make_card
from mimika.runtime.pipeline import load_analyzer

pytestmark = pytest.mark.filterwarnings(
    # inside torch's exporter, about its own calls
    "ignore::DeprecationWarning",
    "ignore::FutureWarning",
)


@pytest.fixture
def made(material: Material):
    """Strategy, network with fresh weights, and its card; 3 of 24 answers are wrong."""
    strategy = scratch_strategy(material.pool, material.task, "crop")
    network = strategy._fresh(1).eval()
    labels = material.pool.labels
    logits = 3 * np.eye(2, dtype=np.float32)[labels]
    logits[:3] = logits[:3, ::-1]
    folds = list(plan_folds(material.pool, 4, 1, 1))
    found = score("a", logits[None], labels, folds, cost=1, effort=0)
    recipe = Recipe("mimika learn shapes", 1, "shapes", 4, 1)
    return network, make_card(strategy, network, material, found, recipe), found


def test_the_card_has_the_figures_of_held_out_pictures(made):
    _, card, found = made
    accuracy = card.metrics["accuracy"]
    expected = expected_elsewhere(found, 24)
    assert accuracy.value == 21 / 24
    assert (accuracy.low, accuracy.high) == (expected.low, expected.high)
    assert accuracy.split.startswith("cross-validation, 4 folds, 1 times")
    # 3 of 24 wrong at a certainty of 95 %: the temperature has to rise
    assert card.temperature > 1.2
    assert card.training_data == "24 photographs of shapes"
    assert (card.licence, card.architecture) == ("MIT", "tiny_vgg")


def test_the_file_answers_as_the_network_and_knows_its_task(made, material, tmp_path):
    network, card, _ = made
    parity = export(network, card, material.pool.paths, tmp_path / "a.onnx")
    assert parity.images == 24
    assert parity.largest_difference < 5e-4
    with load_analyzer(tmp_path / "a.onnx") as analyzer:
        answer = analyzer.analyze(material.pool.paths[0])
        explained = analyzer.explain(answer.faces[0])
    assert (answer.task, answer.faces_mode, len(answer.faces)) == ("shapes", "whole", 1)
    assert explained.map.shape == (64, 64)


def test_a_file_that_answers_differently_is_an_error(
    made, material, tmp_path, monkeypatch
):
    network, card, _ = made

    def write_another(net, card, path):
        net.classifier.bias.data[0] += 1
        winner_write(net, card, path)
        net.classifier.bias.data[0] -= 1

    winner_write = winner.write_onnx
    monkeypatch.setattr(winner, "write_onnx", write_another)
    with pytest.raises(ParityError):
        export(network, card, material.pool.paths, tmp_path / "a.onnx")
