"""Files that are whole or not there."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path: Path, *, shared: bool = False) -> Iterator[Path]:
    """A path to write to, which takes a file's place when the block succeeds.

    Args:
        path: the file; its folder exists. What was there stays where the block fails,
            and nothing half-written is left beside it. A link keeps pointing to the
            file that is replaced; what is no file, such as a pipe, is written to.
        shared: whether other processes may be writing the same file.
    """
    if path.exists() and not path.is_file():
        yield path  # unresolved: the name behind /dev/stdout of a pipe is no path
        return
    target = path.resolve()
    own = f".{os.getpid()}" if shared else ""
    partial = target.with_name(f"{target.name}{own}.partial")
    try:
        yield partial
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Replaces a text file (UTF-8) in one step.

    Raises:
        OSError: it cannot be written; the former file stays.
    """
    with replacing(path) as partial:
        partial.write_text(text, encoding="utf-8")
