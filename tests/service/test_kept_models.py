"""The models of one worker: loaded when asked for, dropped when unused."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from mimika.core.errors import ModelError
from mimika.runtime.hardware import Hardware
from mimika.runtime.pipeline import Analyzer, load_analyzer
from mimika.runtime.shelf import Shelf
from mimika.service import kept_models
from mimika.service.kept_models import KeptModels

BRIGHT = np.full((20, 30, 3), 240, np.uint8)


@pytest.fixture(scope="module")
def shipped() -> Iterator[Analyzer]:
    with load_analyzer() as analyzer:
        yield analyzer


@pytest.fixture
def shelf(tmp_path: Path, parts_model) -> Shelf:
    """A shelf with four models."""
    shelf = Shelf(tmp_path)
    for name in "abcd":
        shelf.add(name, parts_model())
    return shelf


@pytest.fixture
def kept(shipped: Analyzer, shelf: Shelf) -> KeptModels:
    """With room for two of them: each counts as 1 MiB at the least."""
    return KeptModels(shipped, shelf, Hardware(), 2)


@pytest.fixture(autouse=True)
def _steady_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """What else this process does with memory does not count."""
    monkeypatch.setattr(kept_models, "resident_mb", lambda: 100)


def test_the_shipped_model_answers_where_nothing_is_asked_for(
    kept: KeptModels, shipped: Analyzer
) -> None:
    assert kept.find(None, None) is shipped
    assert kept.find("emotion", "emotion") is shipped
    assert (kept.names, kept.cost_mb) == ((), 0)


def test_those_used_last_stay(kept: KeptModels) -> None:
    first = kept.find("a", None)
    assert first.analyze(BRIGHT).model == "a"
    kept.find("b", None)
    assert kept.find("a", None) is first
    kept.find("c", None)
    assert kept.names == ("a", "c")
    assert kept.cost_mb == 2
    kept.find(None, "parts")
    assert kept.names == ("c", "a")  # the first of its task was there already


def test_what_is_replaced_or_removed_counts_at_once(
    kept: KeptModels, shelf: Shelf, parts_model
) -> None:
    assert kept.find("a", None).card.digest == "b" * 64
    shelf.add("a", parts_model("new.onnx", digest="c" * 64), replace=True)
    assert kept.find("a", None).card.digest == "c" * 64
    shelf.remove("a")
    with pytest.raises(ModelError, match="no model 'a' here; there are emotion-robust"):
        kept.find("a", None)
    shelf.set_default("b")
    assert kept.find(None, None).card.name == "b"


def test_a_model_that_needs_more_than_there_is_room_for_is_refused(
    kept: KeptModels, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = iter((100, 105))
    monkeypatch.setattr(kept_models, "resident_mb", lambda: next(sizes))
    with pytest.raises(ModelError, match="'a' needs 5 MiB, and 2 is what models may"):
        kept.find("a", None)
    assert kept.names == ()


def test_a_model_is_added_from_its_bytes(kept: KeptModels, parts_model) -> None:
    info = kept.add("new", parts_model().read_bytes(), replace=False)
    assert (info.name, info.task) == ("new", "parts")
    assert kept.find("new", None).analyze(BRIGHT).faces[0].label == "large"
    with pytest.raises(ModelError, match="ONNX Runtime cannot open it"):
        kept.add("bad", b"text", replace=False)
