"""The analyzers of one worker: loaded when they are asked for, dropped when unused.

The shipped model stays. Of those that were added, the ones that were used last stay, as
far as a bound of memory allows: what a model costs is by how much the process grew when
it was loaded and run once, both times without memory that is free. The shelf is looked
at for each job, so that what is added, removed, replaced or made the default counts at
once.
"""

import ctypes
import gc
import logging
import os
import sys
import tempfile
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from mimika.core.errors import ModelError
from mimika.core.memory import MIB, resident_mb
from mimika.runtime.choosing import choose
from mimika.runtime.hardware import Hardware
from mimika.runtime.pipeline import Analyzer, load_analyzer
from mimika.runtime.shelf import Shelf, Shelved, Signature
from mimika.service.schemas import ModelInfo, model_info

logger = logging.getLogger("mimika.service.worker")


@dataclass(frozen=True)
class Kept:
    """A loaded model.

    Attributes:
        analyzer: what answers with it.
        signature: of the file that was loaded.
        cost_mb: MiB that it holds.
    """

    analyzer: Analyzer
    signature: Signature
    cost_mb: int


class KeptModels:
    """Analyzers by what a request asks for."""

    def __init__(
        self, shipped: Analyzer, shelf: Shelf, hardware: Hardware, bound_mb: int
    ) -> None:
        """Takes the shipped model over.

        Args:
            shipped: is never dropped.
            shelf: the models that were added.
            hardware: what each may use.
            bound_mb: MiB that those of the shelf may hold together.
        """
        self._shipped, self._shelf, self._hardware = shipped, shelf, hardware
        self._bound_mb = bound_mb
        self._kept: OrderedDict[str, Kept] = OrderedDict()

    @property
    def cost_mb(self) -> int:
        """MiB that the models of the shelf hold at the moment."""
        return sum(kept.cost_mb for kept in self._kept.values())

    @property
    def names(self) -> tuple[str, ...]:
        """Of those of the shelf that are loaded, the one used last at the end."""
        return tuple(self._kept)

    def find(self, model: str | None, task: str | None) -> Analyzer:
        """The analyzer that a request means, loaded if need be.

        Raises:
            ModelError: there is none, it was removed, cannot be opened or needs more
                memory than is allowed.
        """
        found = choose(self._shelf, self._shipped.card, model, task)
        if found.shelved is None:
            return self._shipped
        name, signature = found.shelved.name, found.shelved.signature()
        kept = self._kept.get(name)
        if kept is not None and kept.signature != signature:  # it was replaced
            self._drop(name)
            kept = None
        if kept is None:
            kept = self._load(found.shelved, signature)
        self._kept[name] = kept
        self._kept.move_to_end(name)
        self._make_room(name)
        return kept.analyzer

    def add(self, name: str, data: bytes, *, replace: bool) -> ModelInfo:
        """Checks a model and puts it on the shelf.

        Args:
            name: under which it is to be offered.
            data: the bytes of its file.
            replace: whether one of this name may be replaced.

        Raises:
            ModelError: it cannot be used; the message says why.
        """
        with tempfile.TemporaryDirectory(prefix="mimika-") as folder:
            file = Path(folder) / f"{name[:40].replace(os.sep, '_')}.onnx"
            file.write_bytes(data)
            try:
                added = self._shelf.add(name, file, replace=replace)
            except ModelError as error:  # the file is ours; its place says nothing
                words = str(error).removeprefix(f"{file}: ")
                raise ModelError(words) from error
        return model_info(added.card)

    def _load(self, shelved: Shelved, signature: Signature) -> Kept:
        file_mb = signature[2] // MIB
        if file_mb > self._bound_mb:
            raise self._too_large(shelved.name, file_mb)
        trim()  # so that neither what is free before nor after counts
        before = resident_mb()
        analyzer = load_analyzer(
            shelved.path, self._hardware, shelved.name, self._shipped.detector
        )
        trim()
        cost_mb = max(resident_mb() - before, file_mb, 1)
        if cost_mb > self._bound_mb:
            analyzer.close()
            give_back()
            raise self._too_large(shelved.name, cost_mb)
        logger.info("model %s was loaded and holds %d MiB", shelved.name, cost_mb)
        return Kept(analyzer, signature, cost_mb)

    def _make_room(self, name: str) -> None:
        """Drops what was not used for longest, but never this one."""
        while self.cost_mb > self._bound_mb and next(iter(self._kept)) != name:
            self._drop(next(iter(self._kept)))

    def _drop(self, name: str) -> None:
        self._kept.pop(name).analyzer.close()
        give_back()
        logger.info("model %s was dropped", name)

    def _too_large(self, name: str, size_mb: int) -> ModelError:
        return ModelError(
            f"model {name!r} needs {size_mb} MiB, and {self._bound_mb} is what models "
            "may hold; set MIMIKA_SERVICE_MODELS_MB higher, or add a smaller one"
        )


def give_back() -> None:
    """Gives back what nothing refers to any more."""
    gc.collect()
    trim()


def trim() -> None:
    """Gives memory that is free back to the system, where the system can take it."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
