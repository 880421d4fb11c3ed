import io

import numpy as np
import pytest
from PIL import Image

from mimika.core.tasks import EMOTION
from mimika.live import summary_plot
from mimika.live.frames import Frame
from mimika.live.moment import Moment, Person
from mimika.live.summary import Summary
from mimika.live.summary_plot import lane_of, lanes_of, save_summary_plot

PIXELS = np.full((96, 128, 3), 90, np.uint8)


def person(identity, label="happy", *, sure=True):
    shares = dict.fromkeys(EMOTION.keys, 0.1 / 6) | {label: 0.9}
    return Person(identity, (10.0, 10.0, 40.0, 40.0), label, shares, sure)


def summarised(moments):
    summary = Summary(EMOTION)
    for index, (time_s, people) in enumerate(moments):
        summary.show(
            Frame(PIXELS, time_s, index), Moment(index, time_s, 128, 96, people)
        )
    summary.close()
    return summary


def test_a_lane_has_gaps_where_the_person_is_away():
    away = [(i / 20, (person(1),) if not 20 <= i < 60 else ()) for i in range(100)]
    summary = summarised(away)
    lane = lane_of(summary.people[0], summary.bin_s, EMOTION)
    assert lane.starts_s.min() == 0
    gap = np.diff(lane.starts_s).max()
    assert gap == pytest.approx(2.0 + summary.bin_s, abs=0.01)
    assert lane.certainty == pytest.approx(np.full(len(lane.certainty), 0.9))
    assert lane.sure.all()


def test_a_piece_shows_what_was_shown_the_longest():
    labels = ["happy"] * 20 + ["sad"] * 20
    moments = [(i / 20, (person(1, label),)) for i, label in enumerate(labels)]
    summary = summarised(moments)
    lane = lane_of(summary.people[0], summary.bin_s, EMOTION)
    keys = [EMOTION.keys[number] for number in lane.classes]
    assert keys == ["happy"] * 10 + ["sad"] * 10


def test_the_longest_seen_are_drawn_in_the_order_in_which_they_came():
    moments = []
    for i in range(400):
        here = [n for n in range(1, 13) if i >= 10 * n and i < 10 * n + 20 * n + 15]
        moments.append((i / 10, tuple(person(n) for n in here)))
    drawn = [found.identity for found in lanes_of(summarised(moments))]
    assert drawn == [5, 6, 7, 8, 9, 10, 11, 12]


def test_who_only_passed_by_is_no_lane_unless_nobody_else_is_there():
    moments = [
        (i / 10, (person(1), *([person(2)] if i < 3 else []))) for i in range(50)
    ]
    assert [found.identity for found in lanes_of(summarised(moments))] == [1]
    assert len(lanes_of(summarised(moments[:3]))) == 2


@pytest.mark.parametrize(
    ("people", "said"),
    [
        (1, "1 person"),
        (8, "8 people"),
        (10, "10 people, the 8 seen the longest are drawn"),
    ],
)
def test_a_line_says_how_many_people_there_are_and_who_is_drawn(
    tmp_path, monkeypatch, people, said
):
    headings = []
    monkeypatch.setattr(
        summary_plot, "save_timeline", lambda _, heading, *__: headings.append(heading)
    )
    here = tuple(person(n) for n in range(1, people + 1))
    summary = summarised([(i / 10, here) for i in range(20)])
    save_summary_plot(tmp_path / "t.png", summary, EMOTION, "film.mp4")
    assert headings[0].note == f"length 2.0 s  ·  {said}"


def test_the_plot_is_a_png_whose_lane_has_the_colour_of_the_emotion(tmp_path):
    summary = summarised([(i / 10, (person(1),)) for i in range(50)])
    save_summary_plot(tmp_path / "t.png", summary, EMOTION, "film.mp4")
    pixels = np.asarray(Image.open(io.BytesIO((tmp_path / "t.png").read_bytes())))
    colour = EMOTION.label("happy").colour
    rgb = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    share = (np.abs(pixels[..., :3].astype(int) - rgb).max(axis=2) < 3).mean()
    assert 0.1 < share < 0.5


def test_a_film_without_a_face_has_a_plot_too(tmp_path):
    summary = summarised([(i / 10, ()) for i in range(5)])
    save_summary_plot(tmp_path / "t.png", summary, EMOTION, "empty.mp4")
    with Image.open(tmp_path / "t.png") as picture:
        assert picture.width == 2000
