"""Where the pictures of an analysis lie: `MEDIA_ROOT/analyses/<id>/<name>.jpg`.

They are outside of everything that is served as static files; a view hands them to
their owner. Their names hold nothing that a person chose.
"""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from django.conf import settings

NAMES = ("original", "annotated", "thumbnail")


def folder_of(analysis_id: UUID) -> Path:
    """The folder of one analysis."""
    return Path(settings.MEDIA_ROOT) / "analyses" / str(analysis_id)


def path_of(analysis_id: UUID, name: str) -> Path:
    """The path of one of its pictures.

    Args:
        analysis_id: which analysis.
        name: one of `NAMES`.
    """
    return folder_of(analysis_id) / f"{name}.jpg"


@contextmanager
def written(analysis_id: UUID, pictures: Mapping[str, bytes]) -> Iterator[None]:
    """Keeps pictures for as long as the body succeeds; removes them when it fails.

    Args:
        analysis_id: which analysis.
        pictures: JPEG files by name, one of `NAMES` each.

    Raises:
        OSError: they cannot be written; nothing of them is left.
    """
    folder = folder_of(analysis_id)
    try:
        folder.mkdir(mode=0o700, parents=True)
        for name, data in pictures.items():
            path_of(analysis_id, name).write_bytes(data)
        yield
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
