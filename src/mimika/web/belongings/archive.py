"""All that is somebody's, as the files of an archive."""

from collections.abc import Iterator

from mimika.web.accounts import export
from mimika.web.accounts.models import User
from mimika.web.analyses import downloads
from mimika.web.zips import Member


def members(person: User) -> Iterator[Member]:
    """The files of the archive, from every app that keeps something."""
    yield from export.members(person)
    yield from downloads.members(person.analyses.all())
