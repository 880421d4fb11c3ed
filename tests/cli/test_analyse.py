import json

import cv2
import numpy as np
import pytest

from mimika.core.errors import DataError, InputError


def save(path, seed):
    path.parent.mkdir(parents=True, exist_ok=True)
    drawn = np.random.default_rng(seed).integers(0, 256, (8, 8, 3), np.uint8)
    cv2.imwrite(str(path), cv2.resize(drawn, (70, 50), interpolation=1))


def figures(folder):
    return json.loads((folder / "report.json").read_text())


def test_a_csv_gets_a_report_and_conclusions(call, fer_csv, tmp_path):
    result = call("analyse", fer_csv, "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert "report.html" in result.stdout
    assert "Classes are even" in result.stdout
    assert "faces: " in result.stderr
    found = figures(tmp_path / "out")
    assert found["pictures"] == 112
    assert [s["split"] for s in found["balance"]["splits"]] == [
        "Training",
        "PublicTest",
    ]


def test_votes_are_reported(call, fer_csv, tmp_path):
    lines = ["row,angry,disgust,fear,happy,sad,surprise,neutral"]
    for row in range(112):
        votes = [10 if k == row % 7 else 0 for k in range(7)]
        lines.append(",".join(map(str, [row, *votes])))
    votes_file = tmp_path / "votes.csv"
    votes_file.write_text("\n".join(lines))
    out = tmp_path / "out"
    assert call("analyse", fer_csv, "--votes", votes_file, "--out", out).exit_code == 0
    assert figures(out)["votes"]["agreement"] == 1


def test_a_folder_of_photographs_with_all_that_can_be_wrong(call, tmp_path):
    data = tmp_path / "my data"
    for number in range(12):
        save(data / "žáby" / f"{number}.jpg", number)
        save(data / "Ants" / f"{number}.png", 100 + number)
    save(data / "ants" / "only one.png", 999)
    (data / "empty class").mkdir()
    (data / "Ants" / "copy.png").write_bytes((data / "Ants" / "0.png").read_bytes())
    (data / "Ants" / "text.jpg").write_text("text")
    (data / "Ants" / "loop").symlink_to(data)
    result = call("analyse", data, "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    for words in (
        "Ants, ants differ in letter case only",
        "1 class is without any picture that can be read (empty class)",
        "1 class is there with a single picture (ants)",
        "could not be read",
    ):
        assert words in result.stdout
    found = figures(tmp_path / "out")
    assert found["duplicates"]["exact"]["redundant"] == 1
    assert len(found["broken"]) == 2


def test_ten_thousand_classes_stay_readable(call, tmp_path):
    data = tmp_path / "data"
    one = np.random.default_rng(0).integers(0, 256, (8, 8), np.uint8)
    data.mkdir()
    cv2.imwrite(str(data / "loose.png"), one)
    for number in range(10_000):
        (data / f"class {number:05d}").mkdir()
    for number in range(0, 10_000, 100):
        save(data / f"class {number:05d}" / "a.png", number)
    result = call("analyse", data, "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert "9,900 classes are without any picture" in result.stdout
    assert (tmp_path / "out" / "report.html").stat().st_size < 3_000_000


@pytest.mark.parametrize("name", ["gone.csv", "empty"])
def test_nothing_is_left_where_there_is_nothing_to_read(call, tmp_path, name):
    (tmp_path / "empty").mkdir()
    result = call("analyse", tmp_path / name, "--out", tmp_path / "out")
    assert isinstance(result.exception, DataError)
    assert name in str(result.exception)
    assert not (tmp_path / "out").exists()


def test_a_folder_with_other_files_is_refused_before_any_work(call, fer_csv, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    result = call("analyse", fer_csv, "--out", tmp_path)
    assert isinstance(result.exception, InputError)
    assert "reading" not in result.stderr


def test_help_has_an_example_and_a_missing_folder_is_a_wrong_call(call, fer_csv):
    assert "mimika analyse fer2013.csv" in call("analyse", "--help").stdout
    assert call("analyse", fer_csv).exit_code != 0


@pytest.mark.shared_data
def test_ants_and_bees_have_a_report(call, shared_data, tmp_path):
    result = call(
        "analyse", shared_data / "ants_bees" / "train", "--out", tmp_path / "o"
    )
    assert result.exit_code == 0, result.output
    assert "no data set of faces" in result.stdout
    assert figures(tmp_path / "o")["classes"] == ["ants", "bees"]
