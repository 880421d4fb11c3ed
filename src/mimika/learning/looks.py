"""What a frozen network gives for every picture in every view: computed once and kept.

Donahue et al., "DeCAF: A Deep Convolutional Activation Feature for Generic Visual
Recognition" (2014), section 2; and, for training the last stage alone, what that stage
is given (`models.tails`).
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from mimika.core.images import read_picture
from mimika.core.preprocess import UInt8Array, preprocess
from mimika.learning.kept import Keeper, Row
from mimika.learning.starters import Started
from mimika.learning.views import view_of
from mimika.models.tails import activations_of, last_stage

VIEWS = 4
CHUNK = 16  # views that go through the network together, and are kept together
VERSION = "1"  # of the drawn views; another number makes everything be computed anew
FEATURES, STAGE = 0, 1  # places in a row

Progress = Callable[[float], None]


@dataclass(frozen=True)
class Looks:
    """What is kept of some pictures.

    Attributes:
        keeper: where.
        pictures: digest of each picture's file.
    """

    keeper: Keeper
    pictures: tuple[str, ...]

    def features(self, view: int) -> NDArray[np.float32]:
        """float32 (N, F): what the classifier is given."""
        return self._read(view, FEATURES)

    def stage(self, view: int) -> NDArray[np.float32]:
        """float32 (N, D, H, W): what the last stage is given."""
        return self._read(view, STAGE)

    def _read(self, view: int, place: int) -> NDArray[np.float32]:
        keys = [(picture, view) for picture in self.pictures]
        return self.keeper.read(keys, place).astype(np.float32)


def look(
    started: Started,
    backbone: str,
    paths: Sequence[Path],
    home: Path,
    progress: Progress,
) -> Looks:
    """Computes what is not kept yet.

    Args:
        started: the network.
        backbone: its name.
        paths: files of the pictures.
        home: folder of all state.
        progress: called with the share that is done, 0..1.

    Raises:
        ImageError: a picture cannot be read.
        DataError: the results cannot be kept.
    """
    keeper = Keeper(home / "features" / f"{backbone}-{digest_of(started)[:16]}.sqlite")
    bytes_of = {path: hashlib.sha256(path.read_bytes()) for path in paths}
    pictures = tuple(bytes_of[path].hexdigest() for path in paths)
    keys = [(picture, view) for picture in pictures for view in range(VIEWS)]
    files = dict(zip(pictures, paths, strict=True))
    todo = [key for key, done in zip(keys, keeper.has(keys), strict=True) if not done]
    todo = list(dict.fromkeys(todo))
    stage = last_stage(started.network)
    for first in range(0, len(todo), CHUNK):
        part = todo[first : first + CHUNK]
        views = list(_views(part, files, keep_scale=started.spec.fit == "keep-scale"))
        inputs = torch.from_numpy(preprocess(views, started.spec))
        given = activations_of(started.network, stage, inputs)
        keeper.keep(zip(part, _rows(given), strict=True))
        progress((first + len(part)) / len(todo))
    return Looks(keeper, pictures)


def digest_of(started: Started) -> str:
    """SHA-256 of what the results follow from, but for the pictures."""
    text = f"{VERSION} {started.loaded.digest} {started.spec.model_dump_json()}"
    return hashlib.sha256(text.encode()).hexdigest()


def all_views(
    paths: Sequence[Path], count: int, *, keep_scale: bool
) -> list[list[UInt8Array]]:
    """Pictures in several views, by view: uint8 (H, W, 3) each.

    Args:
        paths: their files.
        count: how many views.
        keep_scale: see `view_of`.
    """
    found: list[list[UInt8Array]] = [[] for _ in range(count)]
    for path in paths:
        digest = hashlib.sha256(path.read_bytes()).digest()
        pixels = read_picture(path).pixels
        for view, pictures in enumerate(found):
            pictures.append(view_of(pixels, view, digest, keep_scale=keep_scale))
    return found


def _views(
    keys: Sequence[tuple[str, int]], files: dict[str, Path], *, keep_scale: bool
) -> Iterator[UInt8Array]:
    """The views of some keys; a picture is decoded once for views in a row."""
    latest, pixels = "", np.empty((0, 0, 3), np.uint8)
    for picture, view in keys:
        if picture != latest:
            latest, pixels = picture, read_picture(files[picture]).pixels
        digest = bytes.fromhex(picture)
        yield view_of(pixels, view, digest, keep_scale=keep_scale)


def _rows(given: tuple[Tensor, Tensor | None]) -> Iterator[Row]:
    features, stage = given
    for place in range(len(features)):
        row = [features[place].numpy().astype(np.float16)]
        if stage is not None:
            row.append(stage[place].numpy().astype(np.float16))
        yield tuple(row)


def has_stage(network: nn.Module) -> bool:
    """Whether the last stage of a network can be trained alone."""
    return last_stage(network) is not None
