from pathlib import Path

import numpy as np
import pytest
from films import write_film

from mimika.cli.video_run import Outcome
from mimika.cli.video_text import Report, ending_of, print_report
from mimika.core.errors import SourceError
from mimika.core.tasks import EMOTION
from mimika.live.film import Played
from mimika.live.frames import Frame
from mimika.live.moment import Moment, Person
from mimika.live.summary import Summary
from mimika.live.video_file import open_video_file

PIXELS = np.zeros((48, 64, 3), np.uint8)
SHARES = dict.fromkeys(EMOTION.keys, 1 / len(EMOTION.keys))


@pytest.fixture
def reader(tmp_path):
    reader = open_video_file(write_film(tmp_path / "film.mp4", [0, 30.0, 60.0]))
    yield reader
    reader.close()


def report(played, *, people=1, written=(), problems=()):
    """Two seconds with so many people, of whom the later ones leave earlier."""
    summary = Summary(EMOTION)
    for index in range(20):
        there = tuple(
            Person(n, (0, 0, 9, 9), "happy" if index < 15 else "sad", SHARES, True)
            for n in range(1, people + 1)
            if index + n // 4 < 20
        )
        moment = Moment(index, index / 10, 64, 48, there)
        summary.show(Frame(PIXELS, index / 10, index), moment)
    summary.close()
    outcome = Outcome(played, problems)
    return Report(Path("film.mp4"), outcome, summary, EMOTION, written)


def test_a_film_that_was_stopped_says_how_far_it_came_and_what_is_kept(reader):
    stopped = report(Played(20, 1.9, finished=False), written=[Path("o.mp4")])
    (line,) = ending_of(stopped, reader)
    assert line == "Stopped after 2.0 s of 1:00; what came before is in o.mp4"


def test_a_film_that_broke_off_says_why(reader):
    played = Played(20, 1.9, finished=False, error=SourceError("film.mp4: unplugged"))
    first, second = ending_of(report(played), reader)
    assert first == "Error: film.mp4: unplugged"
    assert second == "Stopped after 2.0 s of 1:00"


def test_what_could_not_be_kept_is_said_and_else_nothing(reader):
    played = Played(20, 1.9, finished=True)
    assert list(ending_of(report(played), reader)) == []
    assert list(ending_of(report(played, problems=["no sound"]), reader)) == [
        "no sound"
    ]


def test_each_person_has_a_row_with_the_shares_of_what_was_shown(capsys):
    print_report(report(Played(20, 1.9, finished=True)))
    row = capsys.readouterr().out.splitlines()[2].split("\t")
    assert row == ["1", "2.0 s", "0:00", "0:02", "Happy 75 %, Sad 25 %", "100 %"]


def test_of_many_people_the_longest_seen_are_listed_and_the_rest_counted(capsys):
    print_report(report(Played(20, 1.9, finished=True), people=30))
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "film.mp4: 2.0 s, 30 people"
    assert len(lines) == 2 + 20 + 1
    assert lines[-1] == "and 10 more who were seen for a shorter time"
