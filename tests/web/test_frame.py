import pytest

from mimika import __version__
from mimika.web.frame import minutes, version


@pytest.mark.parametrize(
    ("wait_s", "words"),
    [(0, "1 minute"), (60, "1 minute"), (60.5, "2 minutes"), (3600, "60 minutes")],
)
def test_a_wait_is_rounded_up_to_minutes(wait_s: float, words: str) -> None:
    assert minutes(wait_s) == words


def test_the_version_is_that_of_the_package() -> None:
    assert version() == __version__
