import json
from dataclasses import replace

import pytest

from mimika.core.errors import InputError
from mimika.evaluation.report import build_page, write_report


def keys(page):
    return [section.key for section in page.sections]


def test_sections_that_were_not_asked_for_are_left_out(judgement, pictures):
    always = ["summary", "classes", "confusion", "calibration"]
    rest = ["mistakes", "cost", "limits"]
    page = build_page(judgement, pictures)
    assert keys(page) == [*always, "clean", "votes", *rest]
    less = replace(judgement, clean=None, crowd=None)
    assert keys(build_page(less, pictures)) == [*always, *rest]


def test_page_figures_plots_and_further_files_are_written(
    judgement, pictures, tmp_path
):
    out = tmp_path / "out"
    attached = {"a.npz": lambda path: path.write_bytes(b"numbers")}
    page = write_report(out, judgement, pictures, attached)
    names = ["a.npz", "confusion.png", "reliability.png", "report.html", "report.json"]
    assert sorted(path.name for path in out.iterdir()) == names
    html = page.read_text()
    assert "Model report: fruit-test" in html
    assert "tests &lt;only&gt;" in html
    found = json.loads((out / "report.json").read_text())
    assert (found["made_by"], found["images"]) == ("mimika evaluate", 90)
    assert write_report(out, judgement, pictures, {}) == page
    assert not (out / "a.npz").exists()


def test_other_peoples_files_are_never_replaced(judgement, pictures, tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(InputError, match="other files than a former report"):
        write_report(tmp_path, judgement, pictures, {})
