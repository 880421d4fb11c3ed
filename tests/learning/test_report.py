"""The folder of `mimika learn`."""

import csv
import json

import pytest

from mimika.core.errors import InputError
from mimika.learning.report import build_page, check_out, write_answers, write_outcome
from mimika.runtime.classifier import OnnxClassifier

pytestmark = pytest.mark.filterwarnings(
    # inside torch's exporter, about its own calls
    "ignore::DeprecationWarning",
    "ignore::FutureWarning",
)


def test_the_page_has_all_sections(outcome):
    keys = [section.key for section in build_page(outcome).sections]
    assert keys == [
        "summary",
        "strategies",
        "growth",
        "confusion",
        "mistakes",
        "calibration",
        "card",
    ]


def test_every_answer_about_held_out_pictures_is_in_the_table(outcome, tmp_path):
    write_answers(tmp_path / "answers.csv", outcome)
    with (tmp_path / "answers.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 2 * 16 + 6
    assert {row["repeat"] for row in rows} == {"1", "2", "PublicTest"}
    for row in rows:
        assert float(row["round"]) + float(row["square"]) == pytest.approx(1, abs=1e-5)


def test_the_folder_is_whole_and_only_a_former_result_is_replaced(outcome, tmp_path):
    out = tmp_path / "out"
    page = write_outcome(out, outcome)
    figures = json.loads((out / "report.json").read_text())
    assert page == out / "report.html"
    assert figures["taken"] == outcome.chosen.name
    assert OnnxClassifier(out / "model.onnx").card == outcome.card
    assert (out / "analysis" / "report.html").is_file()
    check_out(out)
    (out / "mine.txt").touch()
    with pytest.raises(InputError, match="holds other files"):
        check_out(out)
