import inspect
import re

import pytest

from mimika.core import errors
from mimika.core.errors import MimikaError, ServiceBusyError, ServiceError

CLASSES = [cls for _, cls in inspect.getmembers(errors, inspect.isclass)]


def drawn_tree() -> dict[str, str | None]:
    """Name of each class in the module's docstring: the name of its parent."""
    parents: dict[str, str | None] = {}
    path: list[str] = []
    for line in inspect.getdoc(errors).splitlines():  # type: ignore[union-attr]  # it has one
        found = re.match(r"^([│ ├└─]*)([A-Z]\w+Error)\b", line)
        if found:
            depth = len(found[1]) // 4
            path[depth:] = [found[2]]
            parents[found[2]] = path[depth - 1] if depth else None
    return parents


def test_the_tree_in_the_docstring_is_the_real_one() -> None:
    real = {cls.__name__: cls.__bases__[0].__name__ for cls in CLASSES}
    assert drawn_tree() == {**real, "MimikaError": None}


@pytest.mark.parametrize("error", CLASSES)
def test_every_error_is_caught_by_the_root_and_keeps_its_message(
    error: type[MimikaError],
) -> None:
    assert issubclass(error, MimikaError)
    assert str(error("what came, what was expected")) == "what came, what was expected"
    assert inspect.getdoc(error)


def test_errors_are_not_those_of_python() -> None:
    """Somebody who catches OSError or ValueError does not catch ours by accident."""
    for error in CLASSES:
        assert not issubclass(error, OSError | ValueError | RuntimeError)


def test_a_busy_service_says_when_to_come_again() -> None:
    assert ServiceBusyError("full").retry_after_s == 1
    assert ServiceBusyError("full", retry_after_s=7).retry_after_s == 7
    assert issubclass(ServiceBusyError, ServiceError)
