import io
from collections.abc import Iterator
from contextlib import closing

import pypdf
import pytest

from mimika.core.results import Box
from mimika.web.reports.grid import draw_grid
from mimika.web.reports.presentation import Bar, FaceView
from mimika.web.reports.sheet import Sheet


@pytest.fixture
def sheet() -> Iterator[Sheet]:
    with closing(Sheet("A heading", "a foot", 1)) as sheet:
        yield sheet


def views(faces: int, classes: int) -> list[FaceView]:
    """Faces whose figures tell which face and class they are of."""
    return [
        FaceView(
            number=number,
            what=f"Face {number}",
            box=Box(0, 0, 1, 1),
            key="class_0",
            name="Class 0",
            colour="#000000",
            percent="1 %",
            certainty="unsure",
            warnings=(),
            bars=tuple(
                Bar(f"Class {k}", "#000000", "1.00", f"{number}.{k} %", top=k == 0)
                for k in range(classes)
            ),
        )
        for number in range(1, faces + 1)
    ]


def pages(sheet: Sheet) -> list[str]:
    reader = pypdf.PdfReader(io.BytesIO(sheet.output()))
    return [page.extract_text() for page in reader.pages]


@pytest.mark.parametrize(("faces", "classes"), [(1, 2), (40, 7), (3, 20)])
def test_every_face_has_a_figure_for_every_class(
    faces: int, classes: int, sheet: Sheet
) -> None:
    draw_grid(sheet, views(faces, classes))
    text = "\n".join(pages(sheet))
    for number in range(1, faces + 1):
        assert all(f"{number}.{k} %" in text for k in range(classes))


def test_the_head_is_repeated_on_every_page(sheet: Sheet) -> None:
    draw_grid(sheet, views(90, 7))
    texts = pages(sheet)
    assert len(texts) == 3
    assert all("Class 6" in text for text in texts)


def test_a_head_never_stands_alone_at_the_end_of_a_page(sheet: Sheet) -> None:
    sheet.set_y(sheet.page_break_trigger - 8)
    draw_grid(sheet, views(2, 7))
    first, second = pages(sheet)
    assert "Class 0" not in first
    assert "1.0 %" in second


def test_many_classes_stand_in_several_tables(sheet: Sheet) -> None:
    draw_grid(sheet, views(2, 17))
    (text,) = pages(sheet)
    assert text.count("Face") == 3
