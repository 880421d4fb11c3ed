"""Where state lies."""

from pathlib import Path

from mimika.core.home import home_folder


def test_the_folder_is_the_one_named_or_one_in_the_home_folder(tmp_path: Path) -> None:
    assert home_folder({"MIMIKA_HOME": str(tmp_path)}) == tmp_path
    assert home_folder({"MIMIKA_HOME": ""}) == Path.home() / ".mimika"
    assert home_folder({}) == Path.home() / ".mimika"


def test_a_relative_folder_becomes_absolute() -> None:
    assert home_folder({"MIMIKA_HOME": "./var"}) == Path.cwd() / "var"
