"""Measuring the way from a picture to its emotions."""

import io

import numpy as np
import pytest
from PIL import Image

from mimika.core.images import read_picture
from mimika.runtime import bench
from mimika.runtime.pipeline import Analyzer, load_analyzer
from mimika.runtime.samples import SAMPLE_FILE


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return load_analyzer()


def test_the_sample_is_a_frame_with_one_face(analyzer: Analyzer) -> None:
    assert read_picture(SAMPLE_FILE).pixels.shape == (480, 640, 3)
    for detail in ("fast", "fine"):
        assert len(analyzer.analyze(SAMPLE_FILE, detail=detail).faces) == 1


def test_the_stages_make_up_nearly_all_of_the_time(analyzer: Analyzer) -> None:
    found = bench.time_stages(analyzer, [SAMPLE_FILE.read_bytes()], "fast", 5)
    assert list(found) == ["decode", "detect", "crop", "classify", "total"]
    for spread in found.values():
        assert 0 < spread.p50 <= spread.p95 <= spread.p99
    parts = sum(found[stage].p50 for stage in bench.STAGES)
    assert 0.4 * found["total"].p50 < parts < 1.3 * found["total"].p50


def test_a_picture_without_a_face_is_measured_too(analyzer: Analyzer) -> None:
    grey = np.full((240, 320), 90, np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(grey).save(buffer, "PNG")
    found = bench.time_stages(analyzer, [buffer.getvalue()], "fast", 2)
    assert found["detect"].p50 > 0


def test_each_batch_has_its_faces_a_second(analyzer: Analyzer) -> None:
    found = bench.time_batches(analyzer, (1, 4), 2)
    assert list(found) == [1, 4]
    assert all(rate > 1 for rate in found.values())


def test_the_machine_is_named() -> None:
    named = bench.machine()
    assert named["cpu"]
    assert isinstance(named["cores"], int)
    assert {"mimika", "onnxruntime", "python"} <= set(named)
