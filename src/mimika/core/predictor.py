"""The seam between whoever has pictures and whatever classifies them."""

from typing import Protocol

from mimika.core.card import ModelCard
from mimika.core.preprocess import FloatArray, Images


class Predictor(Protocol):
    """Classifies pictures: the torch model and the ONNX session both do."""

    @property
    def card(self) -> ModelCard:
        """What the model is, and how its input is made."""
        ...

    def predict(self, images: Images, *, are_fitted: bool = False) -> FloatArray:
        """Probabilities of the classes.

        Args:
            images: uint8 (N, H, W) grey or (N, H, W, 3) RGB, 0..255, of any size; or a
                sequence of pictures of different sizes.
            are_fitted: whether they come from `core.preprocess.fitted`: a model that
                keeps the scale must not scale them a second time.

        Returns:
            float32 (N, K), each row sums to 1, columns in the order of the card's
            labels; (0, K) for no pictures.
        """
        ...
