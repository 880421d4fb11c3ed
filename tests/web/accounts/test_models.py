import pytest
from django.db import IntegrityError

from mimika.web.accounts.models import User


@pytest.mark.parametrize(
    ("name", "address"), [("ALICE", "other@example.org"), ("dora", "ALICE@example.org")]
)
def test_the_database_keeps_names_and_addresses_apart_in_any_case(
    name: str, address: str, alice: User
) -> None:
    with pytest.raises(IntegrityError):
        User.objects.create_user(name, address, "x")


def test_a_new_person_has_used_nothing_and_has_no_picture(alice: User) -> None:
    alice.refresh_from_db()
    assert (alice.computations, alice.first_used, alice.last_used) == (0, None, None)
    assert (alice.about, alice.has_picture) == ("", False)
