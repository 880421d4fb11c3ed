"""A torch network behind the `Predictor` protocol."""

import numpy as np
import torch
from torch import nn

from mimika.core.card import ModelCard
from mimika.core.preprocess import FloatArray, Images, PreprocessSpec, preprocess

BATCH = 256


class TorchClassifier:
    """Classifies pictures with a torch network.

    Args:
        network: gives logits (B, K); is set to evaluation mode.
        card: its card; the preprocessing and the temperature are taken from it.
    """

    def __init__(self, network: nn.Module, card: ModelCard) -> None:
        self._network = network.eval()
        self._card = card

    @property
    def network(self) -> nn.Module:
        """The network, in evaluation mode."""
        return self._network

    @property
    def card(self) -> ModelCard:
        """What the model is, and how its input is made."""
        return self._card

    def predict(self, images: Images, *, are_fitted: bool = False) -> FloatArray:
        """Probabilities float32 (N, K): see `core.predictor.Predictor`."""
        if len(images) == 0:
            return np.zeros((0, len(self._card.labels)), np.float32)
        spec = self._card.preprocess
        spec = spec.of_fitted() if are_fitted else spec
        parts = [
            self._probabilities(images[start : start + BATCH], spec)
            for start in range(0, len(images), BATCH)
        ]
        return np.concatenate(parts)

    @torch.no_grad()
    def _probabilities(self, images: Images, spec: PreprocessSpec) -> FloatArray:
        inputs = torch.from_numpy(preprocess(images, spec))
        logits = self._network(inputs).float() / self._card.temperature
        probabilities: FloatArray = logits.softmax(dim=1).numpy()
        return probabilities
