import re
from collections.abc import Callable

import pytest

from mimika.web.reports.content import Report
from mimika.web.reports.names import file_name

Make = Callable[..., Report]


@pytest.mark.parametrize(
    ("title", "original", "name"),
    [
        ("Garden party", "IMG_1.jpg", "Garden-party-2026-07-04.pdf"),
        ("Café: Zoë & Søn", "", "Cafe-Zoe-Sn-2026-07-04.pdf"),
        ("", "IMG_1.jpg", "IMG-1-2026-07-04.pdf"),
        ("Праздник", "IMG_1.jpg", "IMG-1-2026-07-04.pdf"),
        ("🎂", "фото.jpg", "result-2026-07-04.pdf"),
        ("", "", "result-2026-07-04.pdf"),
        ("../../etc/passwd", "", "etc-passwd-2026-07-04.pdf"),
        ('a"; filename="b.exe\r\nX: y', "", "a-filename-b-exe-X-y-2026-07-04.pdf"),
    ],
)
def test_a_name_is_plain_whatever_a_person_wrote(
    title: str, original: str, name: str, make_report: Make
) -> None:
    assert file_name(make_report(title=title, original_name=original), "pdf") == name


def test_without_a_day_of_the_picture_that_of_the_analysis_is_taken(
    make_report: Make,
) -> None:
    report = make_report(taken=None)
    assert file_name(report, "json") == "Garden-party-2026-11-20.json"


@pytest.mark.parametrize("title", ["x" * 500, "word " * 100, "é" * 200])
def test_a_name_has_at_most_80_characters(title: str, make_report: Make) -> None:
    name = file_name(make_report(title=title), "json")
    assert 70 < len(name) <= 80
    assert re.fullmatch(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*-2026-07-04\.json", name)
