import stat
from pathlib import Path

import pytest

from mimika.core.errors import ConfigError
from mimika.web.state import prepare_home, stored_secret


def test_preparing_makes_the_folders_for_their_owner_only(tmp_path: Path) -> None:
    home = tmp_path / "a" / "b"
    prepare_home(home)
    prepare_home(home)
    assert sorted(path.name for path in home.iterdir()) == ["logs", "media"]
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


def test_a_folder_that_cannot_be_written_is_named_with_the_way_out(
    tmp_path: Path,
) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ConfigError, match="cannot write to the state folder") as info:
        prepare_home(tmp_path / "file" / "home")
    assert "MIMIKA_HOME" in str(info.value)
    assert "\n" not in str(info.value)


def test_the_secret_key_is_made_once_and_only_its_owner_reads_it(
    tmp_path: Path,
) -> None:
    first = stored_secret(tmp_path)
    assert len(first) >= 50
    assert stored_secret(tmp_path) == first
    path = tmp_path / "secret_key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["secret_key"]


def test_two_installations_have_different_secret_keys(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    assert stored_secret(tmp_path / "a") != stored_secret(tmp_path / "b")


def test_an_empty_secret_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("\n")
    with pytest.raises(ConfigError, match="is empty; delete the file"):
        stored_secret(tmp_path)


def test_a_secret_key_without_a_folder_is_an_error_of_the_setting(
    tmp_path: Path,
) -> None:
    with pytest.raises(ConfigError, match="MIMIKA_SECRET_KEY"):
        stored_secret(tmp_path / "missing")
