from collections.abc import Callable
from dataclasses import replace

from mimika.core.tasks import EMOTION
from mimika.live.frames import Frame
from mimika.live.moment import Moment, Person
from mimika.live.status_lines import StatusLines


def test_a_line_a_second_says_who_is_seen(
    make_frame: Callable[..., Frame],
    make_moment: Callable[..., Moment],
    person: Person,
) -> None:
    said: list[str] = []
    now = [0.0]
    sink = StatusLines(said.append, EMOTION, lambda: now[0])
    people = (person, replace(person, identity=4, label="sad", sure=False))
    for index in range(60):
        now[0] = index / 30 + 1e-9
        frame = make_frame(index)
        known = make_moment(frame, people=people if index else (), frames_per_s=29.97)
        sink.show(frame, known)
    sink.close()
    assert said == [
        "    0.0 s  30.0 frames/s    2 ms  nobody",
        "    1.0 s  30.0 frames/s    2 ms  #1 Happy 70 %, #4 Sad 5 % (unsure)",
    ]


def test_before_there_is_a_rate_none_is_said(
    make_frame: Callable[..., Frame], make_moment: Callable[..., Moment]
) -> None:
    said: list[str] = []
    frame = make_frame()
    StatusLines(said.append, EMOTION, lambda: 1.0).show(frame, make_moment(frame))
    assert said == ["    0.0 s    2 ms  #1 Happy 70 %"]
