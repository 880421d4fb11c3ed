import tracemalloc

import numpy as np
import pytest

from mimika.core.tasks import EMOTION
from mimika.live.frames import Frame
from mimika.live.moment import Moment, Person
from mimika.live.summary import (
    BINS,
    GONE_S,
    MOST_PEOPLE,
    PICTURE_PX,
    Summary,
    face_picture,
)

PIXELS = np.arange(96 * 128 * 3, dtype=np.uint8).reshape(96, 128, 3)
HAPPY, SAD = EMOTION.keys.index("happy"), EMOTION.keys.index("sad")


def person(identity, label="happy", share=0.6, *, sure=True, seen=True, side=40.0):
    rest = (1 - share) / (len(EMOTION.keys) - 1)
    shares = dict.fromkeys(EMOTION.keys, rest) | {label: share}
    return Person(identity, (10.0, 10.0, side, side), label, shares, sure, seen)


def summarised(moments):
    summary = Summary(EMOTION)
    for index, (time_s, people) in enumerate(moments):
        summary.show(
            Frame(PIXELS, time_s, index), Moment(index, time_s, 128, 96, people)
        )
    summary.close()
    return summary


def test_each_frame_counts_until_the_next_one_comes():
    times = [0, 0.5, 0.6, 2.0]
    people = [(person(1, "happy"),), (person(1, "sad"),), (person(1, "happy"),), ()]
    summary = summarised(zip(times, people, strict=True))
    (found,) = summary.people
    assert found.shown_s[HAPPY] == pytest.approx(0.5 + 1.4)
    assert found.shown_s[SAD] == pytest.approx(0.1)
    assert found.seen_s == pytest.approx(2.0)
    assert summary.duration_s == pytest.approx(2.0 + 1.4)  # the last as long as before
    assert (found.first_s, found.last_s) == (0, pytest.approx(2.0))


def test_bins_hold_seconds_certainty_and_what_is_sure():
    moments = [(i / 20, (person(1, share=0.8, sure=i < 20),)) for i in range(40)]
    (found,) = summarised(moments).people
    seconds = sum(values[:-2].sum() for values in found.bins.values())
    certainty = sum(values[-2] for values in found.bins.values())
    assert seconds == pytest.approx(2.0)
    assert certainty / seconds == pytest.approx(0.8)
    assert found.sure_s == pytest.approx(1.0)
    assert found.probability_s.sum() == pytest.approx(2.0)


def test_bins_double_so_that_a_long_film_needs_no_more_of_them():
    two_hours = [(float(i), (person(1 + i // 3600),)) for i in range(7200)]
    summary = summarised(two_hours)
    assert summary.bin_s == 12.8
    assert 7200 / summary.bin_s <= BINS
    for found in summary.people:
        assert len(found.bins) <= 3600 / summary.bin_s + 2
        inside = sum(values[:-2].sum() for values in found.bins.values())
        assert inside == pytest.approx(3600)


def test_memory_stays_the_same_from_the_first_hour_to_the_tenth():
    summary = Summary(EMOTION)
    tracemalloc.start()
    sizes = []
    for second in range(36_000):
        moment = Moment(second, float(second), 128, 96, (person(1), person(2)))
        summary.show(Frame(PIXELS, float(second), second), moment)
        if second in (3600, 35_999):
            sizes.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    assert sizes[1] < 1.5 * sizes[0]


def test_in_a_crowd_those_seen_the_longest_are_kept_and_the_rest_counted():
    crowd = [(i / 10, (person(1), person(2 + i))) for i in range(2 * MOST_PEOPLE)]
    summary = summarised(crowd)
    assert summary.people[0].identity == 1
    assert len(summary.people) == MOST_PEOPLE
    assert len(summary.people) + summary.left_out == 2 * MOST_PEOPLE + 1


def test_people_who_stay_are_kept_however_many_came_before():
    times = (i / 10 for i in range(10**6))
    before = [
        (next(times), (person(number),))
        for number in range(1, MOST_PEOPLE + 1)
        for _ in range(5)
    ]
    summary = summarised(
        before + [(next(times), (person(MOST_PEOPLE + 1),)) for _ in range(600)]
    )
    assert summary.people[0].identity == MOST_PEOPLE + 1
    assert summary.people[0].seen_s == pytest.approx(60)
    assert (len(summary.people), summary.left_out) == (MOST_PEOPLE, 1)


def test_a_crowd_that_is_there_at_once_is_counted_once_each():
    crowd = tuple(person(1 + i) for i in range(MOST_PEOPLE + 50))
    summary = summarised([(i / 10, crowd) for i in range(10)])
    assert (len(summary.people), summary.left_out) == (MOST_PEOPLE, 50)
    assert all(found.seen_s == pytest.approx(1.0) for found in summary.people)


def test_more_are_kept_only_while_their_numbers_may_come_back():
    summary = Summary(EMOTION)
    for index in range(10 * MOST_PEOPLE):
        moment = Moment(index, index / 10, 128, 96, (person(1 + index),))
        summary.show(Frame(PIXELS, moment.time_s, index), moment)
        assert len(summary.people) <= MOST_PEOPLE + 2 + GONE_S * 10


def test_who_is_only_expected_is_not_counted():
    summary = summarised([(0.0, (person(1, seen=False),)), (0.1, ())])
    assert list(summary.people) == []


def test_the_picture_of_a_person_is_the_largest_face():
    moments = [(i / 10, (person(1, side=20.0 + i),)) for i in range(40)]
    (found,) = summarised(moments).people
    assert found.picture.shape == (PICTURE_PX, PICTURE_PX, 3)
    assert found.picture_score > 2 * 50**2


@pytest.mark.parametrize(
    "box", [(-20, -20, 40, 40), (100, 70, 60, 60), (60, 40, 20, 30)]
)
def test_a_face_at_the_border_is_cut_square(box):
    assert face_picture(PIXELS, box).shape == (PICTURE_PX, PICTURE_PX, 3)


def test_a_face_outside_has_no_picture():
    assert face_picture(PIXELS, (500, 500, 20, 20)) is None


def test_a_film_of_one_frame_is_summed_up():
    summary = summarised([(0.0, (person(1),))])
    assert summary.people[0].seen_s == summary.duration_s > 0
    assert summary.people[0].picture.shape == (PICTURE_PX, PICTURE_PX, 3)


def test_an_only_frame_is_shown_for_as_long_as_the_rate_says():
    summary = Summary(EMOTION, frame_rate=2.0)
    summary.show(Frame(PIXELS, 0.0, 0), Moment(0, 0.0, 128, 96, (person(1),)))
    summary.close()
    assert summary.people[0].seen_s == summary.duration_s == 0.5
