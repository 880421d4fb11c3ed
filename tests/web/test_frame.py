from mimika import __version__
from mimika.web.frame import version


def test_the_version_is_that_of_the_package() -> None:
    assert version() == __version__
