from collections.abc import Callable

import pytest

from mimika.web.reports.content import Report

Make = Callable[..., Report]


@pytest.mark.parametrize(
    ("title", "name", "heading"),
    [
        ("Garden party", "a.jpg", "Garden party"),
        ("  ", "a.jpg", "a.jpg"),
        ("", "", "Result"),
    ],
)
def test_the_heading_is_the_title_or_the_file_or_a_plain_word(
    title: str, name: str, heading: str, make_report: Make
) -> None:
    assert make_report(title=title, original_name=name).heading == heading


@pytest.mark.parametrize(
    ("seen", "name"),
    [("happy", "Happy"), ("", ""), ("quite_tired", "Quite Tired")],
)
def test_what_the_person_sees_has_a_name_for_people(
    seen: str, name: str, make_report: Make
) -> None:
    assert make_report(seen=seen).seen_name == name


def test_a_task_of_ones_own_has_names_too(make_report: Make) -> None:
    answer = make_report(0).answer.model_copy(update={"task": "parts"})
    assert make_report(answer=answer, seen="large_part").seen_name == "Large Part"
