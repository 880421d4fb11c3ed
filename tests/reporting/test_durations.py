from mimika.reporting.durations import clock_text, span_text


def test_times_are_written_for_people():
    assert [clock_text(s) for s in (0, 7, 750, 3723)] == [
        "0:00",
        "0:07",
        "12:30",
        "1:02:03",
    ]
    assert clock_text(60, hours=True) == "0:01:00"
    assert [span_text(s) for s in (0.04, 0.5, 42, 59.7, 750)] == [
        "0.04 s",
        "0.5 s",
        "42 s",
        "1:00",
        "12:30",
    ]
