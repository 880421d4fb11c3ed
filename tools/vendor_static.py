"""Fetches the style sheets and scripts of others that lie in the repository.

    python tools/vendor_static.py            # fetch again; fails on any difference
    python tools/vendor_static.py --accept   # after a new version in a VERSIONS.json

Each folder in FOLDERS has a VERSIONS.json: package, version and, for every file, where
it lies in the package and its SHA-256. Packages come from npm, which has to be there; a
file that a package lacks, such as its licence, may come from a wheel (`wheel`). A file
that is `.gz` here and not there is compressed; its sum is that of the content.
"""

import argparse
import gzip
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = (ROOT / "src/mimika/web/static/vendor", ROOT / "tests/browser/vendor")
LISTING = "VERSIONS.json"


def main() -> None:
    """Fetches everything that is listed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accept", action="store_true", help="list new sums")
    arguments = parser.parse_args()
    for folder in FOLDERS:
        listing = read_listing(folder)
        for package in listing:
            fetch(folder, package, accept=arguments.accept)
        text = json.dumps(listing, indent=2) + "\n"
        (folder / LISTING).write_text(text, encoding="utf-8")


def read_listing(folder: Path) -> list[dict[str, Any]]:
    """The packages of a folder, as its VERSIONS.json lists them."""
    listing: list[dict[str, Any]] = json.loads((folder / LISTING).read_bytes())
    return listing


def fetch(folder: Path, package: dict[str, Any], *, accept: bool) -> None:
    """Writes the files of a package; `accept` lists the sums that they have now.

    Raises:
        SystemExit: a file differs from its listed sum.
    """
    with tempfile.TemporaryDirectory() as place:
        archive = download(f"{package['package']}@{package['version']}", Path(place))
        for name, entry in package["files"].items():
            wheel = entry.get("wheel")
            data = (
                member(archive, entry["from"])
                if wheel is None
                else member_of_wheel(wheel, entry["from"], Path(place))
            )
            if accept:
                entry["sha256"] = sha256(data)
            if sha256(data) != entry["sha256"]:
                raise SystemExit(
                    f"{name}: SHA-256 {sha256(data)} came, {entry['sha256']} is "
                    "listed; look at what changed, then run with --accept"
                )
            keep(folder / name, data)


def keep(target: Path, data: bytes) -> None:
    """Writes a file, unless it has this content: another zlib compresses otherwise."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.is_file() and content(target) == data:
        return
    is_packed = target.suffix == ".gz"
    target.write_bytes(gzip.compress(data, 9, mtime=0) if is_packed else data)


def content(file: Path) -> bytes:
    """What a file holds, without compression."""
    data = file.read_bytes()
    return gzip.decompress(data) if file.suffix == ".gz" else data


def download(package: str, place: Path) -> Path:
    """The archive of a package such as `bootstrap@5.3.9`."""
    command = ["npm", "pack", "--silent", package]
    subprocess.run(command, cwd=place, check=True, stdout=subprocess.DEVNULL)
    (archive,) = place.glob("*.tgz")
    return archive


def member(archive: Path, name: str) -> bytes:
    """One file of a package."""
    with tarfile.open(archive) as files:
        file = files.extractfile(f"package/{name}")
        if file is None:
            raise SystemExit(f"{name} in {archive.name} is no file; see VERSIONS.json")
        return file.read()


def member_of_wheel(wheel: str, name: str, place: Path) -> bytes:
    """One file of a wheel such as `onnxruntime==1.30.0`, from PyPI."""
    folder = place / wheel
    if not folder.is_dir():
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        command += ["--only-binary", ":all:", "--dest", str(folder), wheel]
        subprocess.run(command, check=True)
    (archive,) = folder.glob("*.whl")
    with zipfile.ZipFile(archive) as files:
        return files.read(name)


def sha256(data: bytes) -> str:
    """The sum that is listed."""
    return hashlib.sha256(data).hexdigest()


if __name__ == "__main__":
    main()
