import pytest
from django.core.exceptions import ValidationError

from mimika.web.prose import ProseField


def test_ends_of_lines_count_once_as_in_the_browser() -> None:
    field = ProseField(max_length=500)
    text = field.clean("a\r\n" * 249 + "bc")
    assert len(text) == 500
    assert text.count("\n") == 249
    with pytest.raises(ValidationError, match="at most 500"):
        field.clean("a\r\n" * 249 + "bcd")


def test_nothing_is_an_empty_text() -> None:
    assert ProseField(required=False).clean(None) == ""
