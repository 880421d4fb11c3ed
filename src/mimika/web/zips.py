"""Several files as one zip file that leaves nothing behind."""

import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import IO

Member = tuple[str, bytes | Path]  # a name in the archive, and what stands there


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
