import csv
import json

import cv2
import numpy as np
import pytest
from films import Kind, damage_pictures, sound_packets, video_times, write_film
from PIL import Image

from mimika.core.errors import ModelError, SourceError
from mimika.core.tasks import EMOTION

UNEVEN = [0, 0.04, 0.08, 0.2, 0.24, 0.4, 0.5, 0.54, 0.9, 1.0, 1.3, 1.4]


@pytest.fixture(scope="module")
def film(tmp_path_factory, photograph):
    """A face that moves a little to the right, at uneven times, with a sine."""
    face = cv2.imread(str(photograph))[80:400, 90:410, ::-1]  # 320 x 320
    pictures = []
    for index in range(len(UNEVEN)):
        picture = np.full((320, 426, 3), 120, np.uint8)
        picture[:, 40 + 3 * index : 360 + 3 * index] = face
        pictures.append(picture)
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    return write_film(path, UNEVEN, Kind(sound=("aac",)), pictures)


def test_one_call_writes_a_marked_film_a_table_and_a_plot(call, film, tmp_path):
    out, table, plot = (tmp_path / name for name in ("o.mp4", "t.csv", "t.png"))
    result = call("video", film, "--out", out, "--csv", table, "--plot", plot)
    assert result.exit_code == 0, result.output
    assert "film.mp4: 1.5 s, 1 person" in result.stdout
    assert video_times(out) == pytest.approx(UNEVEN, abs=1 / 90_000)
    before, after = sound_packets(film), sound_packets(out)
    assert [data for _, data in after] == [data for _, data in before]
    with table.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["identity"] for row in rows} == {"1"}
    assert all(row["emotion"] in EMOTION.keys for row in rows)
    with Image.open(plot) as picture:
        assert picture.format == "PNG"
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        "o.mp4",
        "t.csv",
        "t.png",
    ]


def test_the_marks_are_on_the_film(call, film, tmp_path):
    call("video", film, "--out", tmp_path / "o.mp4")
    first = cv2.VideoCapture(str(film)).read()[1].astype(int)
    marked = cv2.VideoCapture(str(tmp_path / "o.mp4")).read()[1].astype(int)
    changed = np.abs(first - marked).max(axis=2) > 60
    assert 300 < changed.sum() < 0.5 * changed.size


def test_without_files_the_summary_is_printed(call, film):
    result = call("video", film)
    assert result.exit_code == 0, result.output
    head, names, row = result.stdout.splitlines()
    assert head.startswith("film.mp4")
    assert names.split("\t")[0] == "Person"
    assert row.split("\t")[0] == "1"
    assert "%" in row.split("\t")[4]


def test_json_says_the_same_for_programs(call, film):
    result = call("video", film, "--json")
    content = json.loads(result.stdout)
    (person,) = content["people"]
    assert (content["frames"], content["finished"]) == (len(UNEVEN), True)
    assert content["duration_s"] == pytest.approx(1.5, abs=0.01)
    assert person["seen_s"] == pytest.approx(1.5, abs=0.2)
    assert sum(person["shown_shares"].values()) == pytest.approx(1, abs=0.001)
    assert sum(person["mean_probabilities"].values()) == pytest.approx(1, abs=0.001)
    assert tuple(person["shown_shares"]) == EMOTION.keys


def test_a_film_without_a_face_says_so(call, tmp_path):
    path = write_film(tmp_path / "empty.mp4", [i / 25 for i in range(10)])
    plot = tmp_path / "t.svg"
    result = call("video", path, "--plot", plot)
    assert result.stdout == "empty.mp4: 0.4 s, no face was found\n"
    assert plot.read_bytes().startswith(b"<?xml")


def test_a_film_with_a_damaged_part_says_so_once(call, tmp_path):
    path = write_film(tmp_path / "film.mp4", [i / 25 for i in range(100)])
    damage_pictures(path, range(33, 36))
    result = call("video", path)
    assert result.exit_code == 0
    assert result.stderr.count("3 damaged parts of the video were left out") == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--out", "o.txt"], "ends with .mp4"),
        (["--out", "no/o.mp4"], "make it first"),
        (["--out", "film.mp4"], "the video that is read"),
        (["--csv", "film.mp4"], "the video that is read"),
        (["--csv", "no/t.csv"], "make it first"),
        (["--csv", "."], "a folder"),
        (["--plot", "t.bmp"], "ends with .png"),
        (["--plot", "t.png", "--csv", "t.png"], "two outputs have the same name"),
    ],
)
def test_files_that_cannot_be_written_are_a_wrong_call(
    call, film, tmp_path, monkeypatch, options, said
):
    (tmp_path / "film.mp4").write_bytes(film.read_bytes())
    monkeypatch.chdir(tmp_path)
    result = call("video", "film.mp4", *options)
    assert result.exit_code == 2
    assert said in " ".join(result.stderr.split())
    assert (tmp_path / "film.mp4").read_bytes() == film.read_bytes()
    assert len(list(tmp_path.iterdir())) == 1


def test_a_file_that_cannot_be_written_any_more_leaves_the_others(
    call, film, tmp_path, monkeypatch
):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("mimika.live.recording._coded_picture", full)
    out, table, plot = (tmp_path / name for name in ("o.mp4", "t.csv", "t.png"))
    out.write_bytes(b"former")
    result = call("video", film, "--out", out, "--csv", table, "--plot", plot)
    assert result.exit_code == 1
    assert result.stdout.startswith("film.mp4: ")
    error, stopped = result.stderr.splitlines()[-2:]
    assert error.startswith(f"Error: {out}: cannot be written any more (No space")
    assert stopped.endswith(f"what came before is in {table}, {plot}")
    assert out.read_bytes() == b"former"
    assert table.stat().st_size > 100
    assert plot.exists()


def test_a_plot_that_cannot_be_written_fails_after_the_summary(
    call, film, tmp_path, monkeypatch
):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("mimika.live.summary_plot.save_summary_plot", full)
    plot = tmp_path / "t.png"
    result = call("video", film, "--plot", plot)
    assert result.exit_code == 1
    assert result.stdout.startswith("film.mp4: ")
    said = f"Error: {plot}: cannot be written (No space left on device)\n"
    assert result.stderr.endswith(said)


def test_what_is_no_video_is_an_error_before_anything_is_written(call, tmp_path):
    (tmp_path / "text.mp4").write_text("words " * 500)
    result = call("video", tmp_path / "text.mp4", "--out", tmp_path / "o.mp4")
    assert isinstance(result.exception, SourceError)
    assert not (tmp_path / "o.mp4").exists()


def test_a_model_that_is_none_is_an_error_before_anything_is_written(
    call, film, tmp_path
):
    (tmp_path / "m.onnx").write_bytes(b"no")
    out = tmp_path / "o.mp4"
    result = call("video", film, "--model", tmp_path / "m.onnx", "--out", out)
    assert isinstance(result.exception, ModelError)
    assert not out.exists()
