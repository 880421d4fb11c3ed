"""A classifier in the form that `mimika export` writes."""

from pathlib import Path
from typing import Any

import numpy as np

from mimika.core.card import CARD_KEY, ModelCard, parse_card
from mimika.core.errors import ModelError
from mimika.core.preprocess import FloatArray, Images, preprocess
from mimika.runtime.hardware import ANY_HARDWARE, Hardware, Shapes
from mimika.runtime.session import open_session, provider_of

CHUNK = 64  # pictures that one run takes: bounds the memory of large batches


class OnnxClassifier:
    """A classifier that `mimika export` wrote; a `core.predictor.Predictor`.

    It keeps no state between calls and may be used from several threads.
    """

    def __init__(
        self, path: Path, hardware: Hardware = ANY_HARDWARE, name: str | None = None
    ) -> None:
        """Opens a model and classifies a black picture to see that it works.

        Args:
            path: the ONNX file.
            hardware: what it may use.
            name: what it is to be called; None for the name in its card.

        Raises:
            ModelError: no such file, not ONNX, no card in it, or a network that does
                not fit its card.
            ConfigError: the hardware is required and does not work here.
        """
        self._path = path
        self._session = open_session(path, hardware)
        self._card = _read_card(self._session, path)
        if name is not None:
            self._card = self._card.model_copy(update={"name": name})
        self._card.resolve_task()
        self._input = _only_input(self._session, path)
        size = self._card.preprocess.size
        if provider_of(self._session) == "tensorrt":  # its engine has to know the sizes
            shape = (self._card.preprocess.channels, size, size)
            counts = Shapes((1, *shape), (1, *shape), (CHUNK, *shape))
            self._session = open_session(path, hardware, {self._input: counts})
        self.predict(np.zeros((2, size, size), np.uint8))

    @property
    def card(self) -> ModelCard:
        """What the model is, and how its input is made."""
        return self._card

    def predict(self, images: Images, *, are_fitted: bool = False) -> FloatArray:
        """Probabilities of the classes.

        Args:
            images: uint8 (N, H, W) grey or (N, H, W, 3) RGB, 0..255, of any size; or a
                sequence of pictures of different sizes.
            are_fitted: whether they come from `core.preprocess.fitted`.

        Returns:
            float32 (N, K), each row sums to 1, columns in the order of the card's
            labels; (0, K) for no pictures.

        Raises:
            ValueError: a picture has another dtype or shape.
            ModelError: the network answered another shape, or no numbers.
        """
        spec = self._card.preprocess
        spec = spec.of_fitted() if are_fitted else spec
        starts = range(0, len(images), CHUNK)
        inputs = (preprocess(images[i : i + CHUNK], spec) for i in starts)
        parts = [softmax(self._logits(x), self._card.temperature) for x in inputs]
        none = np.empty((0, len(self._card.labels)), np.float32)
        return np.concatenate([none, *parts])

    def _logits(self, inputs: FloatArray) -> FloatArray:
        """float32 (N, K) from (N, C, size, size), checked."""
        try:
            (logits,) = self._session.run(None, {self._input: inputs})
        except Exception as error:  # ONNX Runtime's errors share no other base
            raise ModelError(
                f"{self._path}: the network does not take what its card promises, "
                f"input of shape {inputs.shape} ({error}); export it again"
            ) from error
        expected = (len(inputs), len(self._card.labels))
        if logits.shape != expected:
            raise ModelError(
                f"{self._path}: the card has {expected[1]} classes, so {expected} was "
                f"expected for {len(inputs)} pictures, but the network answered "
                f"{logits.shape}; export it again"
            )
        if not np.isfinite(logits).all():
            raise ModelError(
                f"{self._path}: the network answered values that are not finite; "
                "its weights are damaged: export it again"
            )
        return np.asarray(logits, np.float32)


def softmax(logits: FloatArray, temperature: float = 1.0) -> FloatArray:
    """Probabilities of logits, computed in float64.

    Args:
        logits: float32 (N, K).
        temperature: divides the logits (Guo et al. 2017, "On Calibration of Modern
            Neural Networks", section 4.2); more than 1 makes them less certain.

    Returns:
        float32 (N, K), each row sums to 1.
    """
    scaled = logits.astype(np.float64) / temperature
    powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)


def _read_card(session: Any, path: Path) -> ModelCard:
    text = session.get_modelmeta().custom_metadata_map.get(CARD_KEY)
    if text is None:
        raise ModelError(
            f"{path}: not a mimika model (it has no card): export it with "
            "'mimika export' or 'mimika learn'"
        )
    return parse_card(text, str(path))


def _only_input(session: Any, path: Path) -> str:
    """The name of the one input; there has to be one output as well."""
    inputs, outputs = session.get_inputs(), session.get_outputs()
    if len(inputs) != 1 or len(outputs) != 1:
        raise ModelError(
            f"{path}: expected a network with one input and one output, got "
            f"{[i.name for i in inputs]} and {[o.name for o in outputs]}; export it "
            "again"
        )
    return str(inputs[0].name)
