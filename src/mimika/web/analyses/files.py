"""Where the pictures of an analysis lie: `MEDIA_ROOT/analyses/<id>/<name>`.

They are outside of everything that is served as static files; a view hands them to
their owner. Their names hold nothing that a person chose.
"""

import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings

NAMES = ("original", "thumbnail")


def root() -> Path:
    """The folder with a folder for each analysis."""
    return Path(settings.MEDIA_ROOT) / "analyses"


def folder_of(analysis_id: UUID) -> Path:
    """The folder of one analysis."""
    return root() / str(analysis_id)


def path_of(analysis_id: UUID, name: str) -> Path:
    """The path of one of its pictures.

    Args:
        analysis_id: which analysis.
        name: one of `NAMES`.
    """
    return folder_of(analysis_id) / f"{name}.jpg"


def heat_path(analysis_id: UUID, number: int) -> Path:
    """The path of the heat map of one of its faces, which is made when asked for."""
    return folder_of(analysis_id) / f"heat-{number}.png"


Pictures = Mapping[str, bytes]


@contextmanager
def written(pictures: Mapping[UUID, Pictures]) -> Iterator[None]:
    """Keeps pictures for as long as the body succeeds; removes them when it fails.

    Args:
        pictures: of each analysis, JPEG files by name, one of `NAMES` each.

    Raises:
        OSError: they cannot be written; nothing of them is left.
    """
    try:
        for analysis_id, own in pictures.items():
            folder_of(analysis_id).mkdir(mode=0o700, parents=True)
            for name, data in own.items():
                path_of(analysis_id, name).write_bytes(data)
        yield
    except BaseException:
        remove(pictures)
        raise


def write_whole(path: Path, data: bytes) -> None:
    """Writes a file that nobody ever sees in part, also where two write it at once.

    Raises:
        FileNotFoundError: its folder is gone.
    """
    part = path.with_name(f"{path.name}.{uuid4().hex}")
    part.write_bytes(data)
    part.replace(path)


def remove(analysis_ids: Iterable[UUID]) -> None:
    """Removes everything of these analyses; what is not there is no error."""
    for analysis_id in analysis_ids:
        shutil.rmtree(folder_of(analysis_id), ignore_errors=True)
