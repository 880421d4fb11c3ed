"""How many cores may be used, as a container's files say."""

import os
from pathlib import Path

import pytest

from mimika.core.cores import usable_cores

ALL = len(os.sched_getaffinity(0))


@pytest.mark.parametrize(
    ("content", "cores"),
    [
        ("max 100000\n", ALL),
        ("100000 100000\n", 1),
        ("50000 100000\n", 1),
        ("10000000 100000\n", ALL),
        ("nonsense\n", ALL),
        ("0 100000\n", ALL),
    ],
)
def test_the_limit_of_version_2_is_respected(
    tmp_path: Path, content: str, cores: int
) -> None:
    (tmp_path / "cpu.max").write_text(content)
    assert usable_cores(tmp_path) == cores


@pytest.mark.parametrize(("quota", "cores"), [("-1", ALL), ("70000", 1)])
def test_the_limit_of_version_1_is_respected(
    tmp_path: Path, quota: str, cores: int
) -> None:
    (tmp_path / "cpu").mkdir()
    (tmp_path / "cpu" / "cpu.cfs_quota_us").write_text(quota + "\n")
    (tmp_path / "cpu" / "cpu.cfs_period_us").write_text("100000\n")
    assert usable_cores(tmp_path) == cores


def test_a_limit_of_one_and_a_half_cores_counts_as_two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)))
    (tmp_path / "cpu.max").write_text("150000 100000")
    assert usable_cores(tmp_path) == 2


def test_without_control_groups_all_cores_are_used(tmp_path: Path) -> None:
    assert usable_cores(tmp_path) == ALL
