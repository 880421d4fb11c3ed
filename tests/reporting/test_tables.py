import pytest

from mimika.reporting.tables import Cell, Table, number, percent, points, row


def test_numbers_are_written_as_people_read_them():
    assert number(28709) == "28,709"
    assert number(0.12345) == "0.123"
    assert number(None) == number(float("nan")) == "\u2013"
    assert percent(0.1234) == "12.3 %"
    assert percent(0.00865, 2) == "0.86 %"
    assert percent(None) == "\u2013"
    assert points(-0.0124) == "-1.2 points"


def test_a_row_keeps_cells_and_writes_values():
    cell = Cell("a", 0.5)
    assert row(cell, 7, "b", None) == (cell, Cell("7"), Cell("b"), Cell("\u2013"))


def test_a_row_that_does_not_fit_the_header_is_refused():
    with pytest.raises(ValueError, match="2 cells under 1 headings"):
        Table(("a",), (row(1, 2),))
