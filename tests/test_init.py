"""What `import mimika` offers."""

from pathlib import Path

import numpy as np
import pytest

import mimika
from mimika.core.errors import ConfigError, InputError


def test_an_analyzer_is_loaded_with_settings_for_its_hardware(photograph: Path) -> None:
    analyzer = mimika.load(threads=2, provider="cpu", arena=False, warm_up=True)
    assert analyzer.provider == "cpu"
    (face,) = analyzer.analyze(photograph).faces
    (same,) = mimika.load().analyze(photograph).faces
    assert face == same


def test_a_required_provider_that_is_absent_is_refused() -> None:
    with pytest.raises(ConfigError, match="directml is required"):
        mimika.load(provider="directml", require=True)


def test_an_absent_provider_is_warned_of_once(caplog: pytest.LogCaptureFixture) -> None:
    assert mimika.load(provider="cuda").provider == "cpu"
    assert len(caplog.records) == 1


def test_a_closed_analyzer_says_so(photograph: Path) -> None:
    with mimika.load() as analyzer:
        (face,) = analyzer.analyze(photograph).faces
    analyzer.close()  # once more does nothing
    crops = np.zeros((1, 48, 48), np.uint8)
    calls = (
        lambda: analyzer.analyze(photograph),
        lambda: analyzer.classify(crops),
        lambda: analyzer.explain(face),
    )
    for call in calls:
        with pytest.raises(InputError, match="closed; load another"):
            call()


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'analyse'"):
        mimika.analyse  # noqa: B018
