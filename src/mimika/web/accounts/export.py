"""The part of a person's data that lies in the account itself."""

import json
from collections.abc import Iterator

from django.core.serializers.json import DjangoJSONEncoder

from mimika.web.accounts import pictures
from mimika.web.accounts.models import User
from mimika.web.zips import Member

FIELDS = (
    "username",
    "first_name",
    "last_name",
    "email",
    "about",
    "date_joined",
    "last_login",
    "computations",
    "first_used",
    "last_used",
)


def members(person: User) -> Iterator[Member]:
    """The files of the archive: `profile.json`, and `picture.jpg` if there is one."""
    profile = {
        **{name: getattr(person, name) for name in FIELDS},
        "sign_ins": list(person.sign_ins.values("at", "address", "agent")),
    }
    text = json.dumps(profile, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
    yield "profile.json", text.encode()
    if person.has_picture:
        yield "picture.jpg", pictures.path_of(person.pk)
