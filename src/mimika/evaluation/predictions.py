"""What a model said about the pictures of a split, kept in a file.

Figures can then be computed, compared and pooled without the model, and two models can
be compared picture by picture. The file is a `.npz` of numbers and text, nothing in it
is unpickled. Probabilities are kept as float16 (errors below 0.0005) and brought back
to sums of 1.
"""

import zipfile
import zlib
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mimika.core.card import ModelCard, parse_card
from mimika.core.errors import DataError
from mimika.core.files import replacing
from mimika.core.preprocess import FloatArray

UNLABELLED = -1
KEYS = frozenset(
    (
        "probabilities",
        "labels",
        "rows",
        "classes",
        "split",
        "digest",
        "model",
        "weights",
    )
)
ABOUT = frozenset(("card", "settings", "sources"))  # older files lack them
# what reading a damaged archive raises
UNREADABLE = (ValueError, OSError, EOFError, zipfile.BadZipFile, zlib.error)


@dataclass(frozen=True)
class Predictions:
    """Probabilities for the pictures of one split.

    Attributes:
        probabilities: float32 (N, K), rows sum to 1.
        labels: int64 (N,), true classes 0..K-1, -1 where a picture has none.
        rows: int64 (N,), where each picture stood in its source.
        classes: keys of the K classes, in the order of the columns.
        split: in words, which pictures these are.
        digest: of these pictures in this order: `data.split_file.picture_digest`.
        model: name of the model.
        weights: digest of its weights.
        card: the model's card, with these classes as labels; None where it is not
            known.
        settings: the `config.toml` of the run that trained it; empty where there is
            none.
        sources: what was learned from, in words, for where there is no card; empty
            where it is not known.
    """

    probabilities: FloatArray
    labels: NDArray[np.int64]
    rows: NDArray[np.int64]
    classes: tuple[str, ...]
    split: str
    digest: str
    model: str
    weights: str
    card: ModelCard | None = None
    settings: str = ""
    sources: str = ""

    def __post_init__(self) -> None:
        count, width = self.probabilities.shape
        if self.labels.shape != (count,) or self.rows.shape != (count,):
            raise ValueError(
                f"expected {count} labels and rows, got {self.labels.shape} and "
                f"{self.rows.shape}"
            )
        if len(self.classes) != width:
            raise ValueError(
                f"expected {width} classes for {width} columns, got {self.classes}"
            )

    @property
    def source(self) -> str:
        """What these pictures are, for messages."""
        return self.split

    @property
    def learned_from(self) -> str:
        """What was learned from, in words; empty where it is not known."""
        return self.sources if self.card is None else self.card.training_data

    def labelled(self) -> "Predictions":
        """Those of pictures with a label.

        Raises:
            DataError: there are none.
        """
        keep = self.labels != UNLABELLED
        if not keep.any():
            raise DataError(
                f"the {len(self.labels)} pictures of {self.split} have no labels, so "
                "nothing can be judged on them"
            )
        return self.take(np.flatnonzero(keep))

    def take(self, places: NDArray[np.int64]) -> "Predictions":
        """Those at some positions; the digest stays that of the whole split."""
        return replace(
            self,
            probabilities=self.probabilities[places],
            labels=self.labels[places],
            rows=self.rows[places],
        )


def save_predictions(path: Path, predictions: Predictions) -> None:
    """Writes a file that `load_predictions` reads back, whole or not at all.

    Raises:
        OSError: it cannot be written; the former file stays.
    """
    card = "" if predictions.card is None else predictions.card.model_dump_json()
    with replacing(path) as partial, partial.open("wb") as file:
        np.savez_compressed(
            file,
            probabilities=predictions.probabilities.astype(np.float16),
            labels=predictions.labels,
            rows=predictions.rows,
            classes=np.array(predictions.classes),
            split=np.array(predictions.split),
            digest=np.array(predictions.digest),
            model=np.array(predictions.model),
            weights=np.array(predictions.weights),
            card=np.array(card),
            settings=np.array(predictions.settings),
            sources=np.array(predictions.sources),
        )


def load_predictions(path: Path) -> Predictions:
    """Reads what `save_predictions` wrote.

    Raises:
        DataError: no such file, or one of another kind.
    """
    if not path.is_file():
        raise DataError(
            f"no file {path}; 'mimika train' and 'mimika evaluate --save' write one"
        )
    try:
        content = np.load(path, allow_pickle=False)
        if not isinstance(content, np.lib.npyio.NpzFile):
            raise DataError(f"{path}: not a file of predictions: one array of numbers")
        with content:
            kept = {name: content[name] for name in content.files}
    except UNREADABLE as error:
        raise DataError(f"{path}: not a file of predictions ({error})") from error
    if not KEYS <= set(kept) <= KEYS | ABOUT:
        raise DataError(
            f"{path}: not a file of predictions: it holds {', '.join(sorted(kept))}; "
            f"expected {', '.join(sorted(KEYS))}"
        )
    about = {name: str(kept.get(name, "")) for name in ABOUT}
    card = parse_card(about["card"], str(path)) if about["card"] else None
    try:
        probabilities = kept["probabilities"].astype(np.float32)
        probabilities /= probabilities.sum(axis=1, keepdims=True)
        return Predictions(
            probabilities,
            kept["labels"].astype(np.int64),
            kept["rows"].astype(np.int64),
            tuple(str(name) for name in kept["classes"]),
            split=str(kept["split"]),
            digest=str(kept["digest"]),
            model=str(kept["model"]),
            weights=str(kept["weights"]),
            card=card,
            settings=about["settings"],
            sources=about["sources"],
        )
    except ValueError as error:
        raise DataError(f"{path}: not a file of predictions ({error})") from error
