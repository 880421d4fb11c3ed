"""What others wrote and the repository holds is what it says it is."""

from pathlib import Path

import pytest
from vendor_static import FOLDERS, LISTING, content, read_listing, sha256

LISTED = [
    (folder / name, entry["sha256"])
    for folder in FOLDERS
    for package in read_listing(folder)
    for name, entry in package["files"].items()
]


@pytest.mark.parametrize(("file", "listed"), LISTED, ids=lambda x: Path(x).name)
def test_a_file_of_others_is_unchanged(file: Path, listed: str) -> None:
    assert sha256(content(file)) == listed


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_no_file_of_others_is_unlisted(folder: Path) -> None:
    here = {file for file in folder.rglob("*") if file.is_file()}
    assert here == {file for file, _ in LISTED if folder in file.parents} | {
        folder / LISTING
    }


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_each_package_brings_its_licence(folder: Path) -> None:
    for package in read_listing(folder):
        assert any(name.endswith("/LICENSE") for name in package["files"])
