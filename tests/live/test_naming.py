from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mimika.live.naming import free_path, save_snapshot

NOW = datetime(2026, 1, 31, 23, 59, 58, tzinfo=UTC)


def test_a_name_says_when(tmp_path: Path) -> None:
    assert free_path(tmp_path, ".mp4", NOW) == tmp_path / "mimika-20260131-235958.mp4"


def test_snapshots_of_one_second_do_not_replace_each_other(tmp_path: Path) -> None:
    pixels = np.zeros((4, 6, 3), np.uint8)
    pixels[:, :3] = (250, 100, 5)
    paths = [save_snapshot(pixels + n, tmp_path, NOW) for n in range(3)]
    stem = "mimika-20260131-235958"
    assert [p.name for p in paths] == [f"{stem}{n}.png" for n in ("", "-2", "-3")]
    for number, path in enumerate(paths):
        with Image.open(path) as image:
            assert image.format == "PNG"
            assert (np.asarray(image) == pixels + number).all()


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        save_snapshot(np.zeros((4, 6, 3), np.uint8), tmp_path / "missing", NOW)
