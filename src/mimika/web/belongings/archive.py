"""All that is somebody's in one zip file."""

import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from mimika.web.accounts import export
from mimika.web.accounts.export import Member
from mimika.web.accounts.models import User


def members(person: User) -> Iterator[Member]:
    """The files of the archive, from every app that keeps something."""
    yield from export.members(person)


def zipped(files: Iterable[Member]) -> IO[bytes]:
    """A zip file that is gone when it is closed.

    Args:
        files: names in the archive with their bytes, or with the path of a file; one
            that has gone meanwhile is left out.

    Returns:
        The file, open at its beginning.

    Raises:
        OSError: there is no room for it.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115  closed by who receives it
    try:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files:
                _add(archive, name, content)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file


def _add(archive: zipfile.ZipFile, name: str, content: bytes | Path) -> None:
    if isinstance(content, bytes):
        archive.writestr(name, content)
    elif content.is_file():
        archive.write(content, name, zipfile.ZIP_STORED)  # pictures do not get smaller
