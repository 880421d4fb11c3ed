"""`mimika bench`: how fast this machine is."""

import json

from mimika.core.errors import UnsupportedImageError


def test_the_figures_come_as_tables_for_people(call):
    ran = call("bench", "--rounds", "2")
    assert ran.exit_code == 0, ran.output
    for word in ("threads: 1", "onnxruntime", "one_face.jpg", "total", "p99", "batch"):
        assert word in ran.stdout


def test_the_same_comes_as_json_for_programs(call, photograph):
    options = ("--json", "--rounds", "2", "--detail", "fine", "--threads", "2")
    found = json.loads(call("bench", *options, photograph).stdout)
    assert (found["threads"], found["detail"]) == (2, "fine")
    assert found["pictures"] == [photograph.name]
    assert set(found["milliseconds"]["total"]) == {"p50", "p95", "p99"}
    assert list(found["faces_per_s"]) == ["1", "2", "4", "8", "16", "32", "64"]


def test_a_file_that_is_no_picture_is_named_before_anything_is_timed(call, tmp_path):
    (tmp_path / "a.jpg").write_bytes(b"no picture")
    ran = call("bench", tmp_path / "a.jpg")
    assert isinstance(ran.exception, UnsupportedImageError)
