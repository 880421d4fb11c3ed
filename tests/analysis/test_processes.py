import pytest

from mimika.analysis import processes
from mimika.analysis.processes import spread


def double(items):
    return [2 * item for item in items]


def fail(items):
    raise OSError("disk")


def test_results_come_in_the_order_of_the_items():
    assert list(spread(double, range(10), 1, 3)) == [2 * n for n in range(10)]


def test_other_processes_give_the_same(monkeypatch):
    monkeypatch.setattr(processes, "FEW", 0)
    # a test module is no module that a fresh process could import: `sorted` is
    assert list(spread(sorted, [3, 1, 2, 0], 2, 2)) == [1, 3, 0, 2]


def test_an_error_comes_out_as_it_was():
    with pytest.raises(OSError, match="disk"):
        list(spread(fail, [1], 1, 1))


def test_nothing_to_do_is_no_error():
    assert list(spread(double, [], 2, 4)) == []
