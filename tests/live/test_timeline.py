import csv

import numpy as np
import pytest

from mimika.core.errors import ConfigError
from mimika.core.tasks import EMOTION
from mimika.live.frames import Frame
from mimika.live.moment import Moment, Person
from mimika.live.timeline import COLUMNS, Timeline

PIXELS = np.zeros((48, 64, 3), np.uint8)


def person(identity, label="happy", *, sure=True, seen=True):
    shares = dict.fromkeys(EMOTION.keys, 0.4 / 6) | {label: 0.6}
    return Person(identity, (1.4, -2.0, 30.6, 40.0), label, shares, sure, seen)


def show(sink, time_s, *people):
    frame = Frame(PIXELS, time_s, round(time_s * 1000))
    sink.show(frame, Moment(frame.index, time_s, 64, 48, people))


def rows_of(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_a_row_says_who_where_what_and_how_certain(tmp_path):
    sink = Timeline(tmp_path / "t.csv", EMOTION)
    show(sink, 0.0, person(1), person(2, "sad", sure=False))
    sink.close()
    first, second = rows_of(tmp_path / "t.csv")
    assert tuple(first) == (*COLUMNS, *EMOTION.keys)
    head = ["0.000", "1", "happy", "0.6000", "1", "1", "-2", "31", "40"]
    assert list(first.values())[:9] == head
    assert sum(float(first[key]) for key in EMOTION.keys) == pytest.approx(1, abs=1e-3)
    assert (second["identity"], second["emotion"], second["sure"]) == ("2", "sad", "0")


@pytest.mark.parametrize("rate", [10, 25, 30, 30000 / 1001, 60])
def test_there_are_ten_rows_in_a_second_at_any_frame_rate(tmp_path, rate):
    sink = Timeline(tmp_path / "t.csv", EMOTION)
    for index in range(round(4 * rate)):
        show(sink, index / rate, person(1))
    sink.close()
    times = [float(row["time_s"]) for row in rows_of(tmp_path / "t.csv")]
    assert len(times) == 40
    assert np.diff(times) == pytest.approx(np.full(39, 0.1), abs=0.04)


def test_slow_films_have_a_row_for_each_frame(tmp_path):
    sink = Timeline(tmp_path / "t.csv", EMOTION)
    for index in range(5):
        show(sink, index * 0.4, person(1))
    sink.close()
    assert len(rows_of(tmp_path / "t.csv")) == 5


def test_who_is_away_has_no_rows(tmp_path):
    sink = Timeline(tmp_path / "t.csv", EMOTION)
    show(sink, 0.0, person(1), person(2, seen=False))
    show(sink, 0.1)
    sink.close()
    assert [row["identity"] for row in rows_of(tmp_path / "t.csv")] == ["1"]


def test_rows_lie_on_the_disk_before_the_end_and_the_former_file_stays(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("former")
    sink = Timeline(path, EMOTION)
    for index in range(50):
        show(sink, index / 10, person(1))
    assert path.read_text() == "former"
    assert len(rows_of(tmp_path / "t.csv.partial")) == 50
    sink.close()
    sink.close()
    assert len(rows_of(path)) == 50
    assert [each.name for each in tmp_path.iterdir()] == ["t.csv"]


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ConfigError, match="make it first"):
        Timeline(tmp_path / "no" / "t.csv", EMOTION)
