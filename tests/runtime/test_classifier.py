"""The classifier, on small networks that are matrices."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from mimika.core.card import CARD_KEY, ModelCard
from mimika.core.errors import ModelError
from mimika.core.preprocess import PreprocessSpec, fitted
from mimika.runtime.classifier import CHUNK, OnnxClassifier, softmax
from mimika.runtime.hardware import Hardware

MakeModel = Callable[..., Path]
MakeCard = Callable[..., ModelCard]


def drawn(count: int) -> NDArray[np.uint8]:
    return np.random.default_rng(1).integers(0, 256, (count, 8, 8), np.uint8)


def expected(
    images: NDArray[np.uint8], weights: NDArray[np.float32], temperature: float = 1.0
) -> NDArray[np.float64]:
    """The definition, in float64 and one picture at a time."""
    rows = []
    for image in images:
        flat = ((image.astype(np.float64) / 255 - 0.5) / 0.25).ravel()
        powers = np.exp(flat @ weights.astype(np.float64) / temperature)
        rows.append(powers / powers.sum())
    return np.array(rows)


def test_probabilities_are_the_softmax_of_the_network(
    make_model: MakeModel, weights: NDArray[np.float32]
) -> None:
    images = drawn(5)
    answer = OnnxClassifier(make_model()).predict(images)
    assert answer.dtype == np.float32
    np.testing.assert_allclose(answer, expected(images, weights), atol=1e-5)


def test_the_cards_temperature_divides_the_logits(
    make_model: MakeModel, make_card: MakeCard, weights: NDArray[np.float32]
) -> None:
    classifier = OnnxClassifier(make_model(make_card(temperature=7.5)))
    images = drawn(5)
    np.testing.assert_allclose(
        classifier.predict(images), expected(images, weights, 7.5), atol=1e-5
    )


def test_a_large_batch_answers_what_single_pictures_do(make_model: MakeModel) -> None:
    classifier = OnnxClassifier(make_model())
    images = drawn(2 * CHUNK + 3)
    single = np.concatenate([classifier.predict(image[None]) for image in images])
    np.testing.assert_allclose(classifier.predict(images), single, atol=1e-6)


def test_no_pictures_give_no_rows(make_model: MakeModel) -> None:
    classifier = OnnxClassifier(make_model())
    for nothing in ([], np.zeros((0, 8, 8), np.uint8)):
        answer = classifier.predict(nothing)
        assert answer.shape == (0, 3)
        assert answer.dtype == np.float32


def test_pictures_of_different_sizes_and_colours_go_together(
    make_model: MakeModel,
) -> None:
    pictures = [np.full((30, 5), 200, np.uint8), np.full((1, 1, 3), 200, np.uint8)]
    first, second = OnnxClassifier(make_model()).predict(pictures)
    np.testing.assert_allclose(first, second, atol=1e-6)


def test_threads_may_share_a_classifier(make_model: MakeModel) -> None:
    classifier = OnnxClassifier(make_model(), Hardware(threads=2))
    images = drawn(16)
    alone = classifier.predict(images)
    with ThreadPoolExecutor(4) as pool:
        for answer in pool.map(lambda _: classifier.predict(images), range(16)):
            np.testing.assert_array_equal(answer, alone)


def test_softmax_of_huge_logits_is_exact() -> None:
    answer = softmax(np.array([[1e30, 1e30, -1e30], [-3e4, 0, 0]], np.float32))
    np.testing.assert_array_equal(answer, [[0.5, 0.5, 0], [0, 0.5, 0.5]])


def test_the_classifier_shows_its_card(
    make_model: MakeModel, make_card: MakeCard
) -> None:
    card = make_card(name="another")
    assert OnnxClassifier(make_model(card)).card == card


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"none\.onnx: no such model file"):
        OnnxClassifier(tmp_path / "none.onnx")


def test_a_file_that_is_not_onnx_is_named(tmp_path: Path) -> None:
    path = tmp_path / "text.onnx"
    path.write_text("not a network")
    with pytest.raises(ModelError, match=r"text\.onnx: ONNX Runtime cannot open it"):
        OnnxClassifier(path)


def test_a_model_without_a_card_is_refused(make_model: MakeModel) -> None:
    with pytest.raises(ModelError, match=r"not a mimika model .* 'mimika export'"):
        OnnxClassifier(make_model(metadata={}))


def test_a_damaged_card_is_refused(make_model: MakeModel) -> None:
    with pytest.raises(ModelError, match="not a model card"):
        OnnxClassifier(make_model(metadata={CARD_KEY: "{}"}))


def test_a_card_with_other_classes_than_its_task_is_refused(
    make_model: MakeModel, make_card: MakeCard
) -> None:
    with pytest.raises(ModelError, match="task 'emotion' has the classes angry"):
        OnnxClassifier(make_model(make_card(task="emotion")))


def test_a_network_with_fewer_outputs_than_classes_is_refused(
    make_model: MakeModel, weights: NDArray[np.float32]
) -> None:
    with pytest.raises(ModelError, match=r"3 classes.*answered \(2, 2\)"):
        OnnxClassifier(make_model(matrix=weights[:, :2]))


def test_a_network_with_two_inputs_is_refused(make_model: MakeModel) -> None:
    with pytest.raises(ModelError, match=r"one input .*\['input', 'other'\]"):
        OnnxClassifier(make_model(extra_input=True))


@pytest.mark.parametrize("changes", [{"channels": 3}, {"batch": 1}])
def test_a_network_that_takes_other_input_than_its_card_is_refused(
    make_model: MakeModel, changes: dict[str, int]
) -> None:
    with pytest.raises(ModelError, match=r"input of shape \(2, 1, 8, 8\)"):
        OnnxClassifier(make_model(**changes))


def test_a_network_with_damaged_weights_is_refused(make_model: MakeModel) -> None:
    with pytest.raises(ModelError, match="not finite"):
        OnnxClassifier(make_model(matrix=np.full((64, 3), np.nan, np.float32)))


def test_pictures_that_were_fitted_are_not_scaled_again(
    make_model: MakeModel, make_card: MakeCard
) -> None:
    fields = make_card().preprocess.model_dump()
    spec = PreprocessSpec(**fields, fit="keep-scale", scale=0.25)
    classifier = OnnxClassifier(make_model(make_card(preprocess=spec)))
    images = np.random.default_rng(2).integers(0, 256, (3, 29, 70), np.uint8)
    small = fitted(images, spec)[..., 0]
    expected = classifier.predict(images)
    assert np.array_equal(classifier.predict(small, are_fitted=True), expected)
    assert not np.allclose(classifier.predict(small), expected)
