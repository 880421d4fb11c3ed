import io
import json
import os
from collections.abc import Callable

import pytest

from mimika.live.frames import Frame
from mimika.live.json_lines import JsonLines, as_json
from mimika.live.moment import Moment


def test_a_frame_is_one_line_that_a_program_can_read(
    make_frame: Callable[..., Frame], make_moment: Callable[..., Moment]
) -> None:
    stream = io.StringIO()
    sink = JsonLines(stream)
    for index in range(2):
        frame = make_frame(index)
        sink.show(frame, make_moment(frame, frames_per_s=29.97, dropped=index))
    sink.close()
    first, second = map(json.loads, stream.getvalue().splitlines())
    assert second == {
        "index": 1,
        "time_s": 0.033,
        "width": 64,
        "height": 48,
        "people": first["people"],
        "stage_ms": {"detect": 2.0},
        "frames_per_s": 30.0,
        "dropped": 1,
    }
    (person,) = first["people"]
    assert person["box"] == [4.0, 8.0, 20.0, 24.0]
    assert (person["identity"], person["label"]) == (1, "happy")
    assert person["probability"] == person["probabilities"]["happy"] == 0.7
    assert sum(person["probabilities"].values()) == pytest.approx(1.0)
    assert (person["sure"], person["seen"]) == (True, True)


def test_what_is_not_known_is_null(
    make_frame: Callable[..., Frame], make_moment: Callable[..., Moment]
) -> None:
    known = as_json(make_moment(make_frame(), people=()))
    assert known["frames_per_s"] is None
    assert known["people"] == []


def test_a_line_is_there_at_once_and_a_reader_that_goes_is_told(
    make_frame: Callable[..., Frame], make_moment: Callable[..., Moment]
) -> None:
    frame = make_frame()
    reading, writing = os.pipe()
    with os.fdopen(writing, "w") as stream:
        sink = JsonLines(stream)
        sink.show(frame, make_moment(frame))
        assert json.loads(os.read(reading, 65536))["index"] == 0
        os.close(reading)
        with pytest.raises(BrokenPipeError):
            sink.show(frame, make_moment(frame))
        os.dup2(os.open(os.devnull, os.O_WRONLY), writing)  # what is left goes there
