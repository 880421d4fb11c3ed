"""Judges every strategy on the same folds; what is done is kept for another time."""

import hashlib
import json
import logging
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from mimika.core.files import replacing
from mimika.core.preprocess import FloatArray
from mimika.learning.folds import Fold
from mimika.learning.strategies import Strategy

logger = logging.getLogger(__name__)

Progress = Callable[[float], None]


class Ledger:
    """Logits of held-out pictures by strategy and fold, in small files."""

    def __init__(self, folder: Path) -> None:
        """Takes a folder for one search; it is made.

        Args:
            folder: its name says which pictures and settings these are.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder

    def logits(
        self, strategy: Strategy, key: str, folds: Sequence[Fold], progress: Progress
    ) -> FloatArray:
        """Logits of all pictures when they were held out.

        Args:
            strategy: what learns and answers.
            key: names the strategy and its settings.
            folds: all of them.
            progress: called with the share that is done, 0..1.

        Returns:
            float32 (R, N, K).
        """
        parts = []
        for done, fold in enumerate(folds, start=1):
            parts.append(self._of_fold(strategy, key, fold))
            progress(done / len(folds))
        repeats = folds[-1].repeat + 1
        count = len(folds[0].teach) + len(folds[0].judge)
        logits = np.zeros((repeats, count, parts[0].shape[1]), np.float32)
        for fold, part in zip(folds, parts, strict=True):
            logits[fold.repeat, fold.judge] = part
        return logits

    def _of_fold(self, strategy: Strategy, key: str, fold: Fold) -> FloatArray:
        digest = hashlib.sha256(fold.teach.tobytes() + fold.judge.tobytes())
        name = f"{key}-{fold.seed}-{digest.hexdigest()[:16]}.npy"
        path = self._folder / name
        if path.is_file():
            try:
                kept: FloatArray = np.load(path, allow_pickle=False)
                return kept
            except (ValueError, EOFError, OSError):
                logger.warning("%s is damaged and is computed again", path)
        logits = strategy.answers(fold.teach, fold.judge, fold.seed)
        with replacing(path, shared=True) as partial, partial.open("wb") as file:
            np.save(file, logits)
        return logits


def key_of_search(*parts: object) -> str:
    """SHA-256 of what a search depends on, 16 digits."""
    text = json.dumps([str(part) for part in parts])
    return hashlib.sha256(text.encode()).hexdigest()[:16]
