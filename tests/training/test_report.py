"""A run's report as HTML and Markdown, whole or not at all."""

import re
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from mimika.training import report
from mimika.training.report import write_report

EVIL = ("a|b *c* <script>alert(1)</script>", "$x$ [y](z) `w`")
PLOTS = {"confusion.png", "curves.png", "reliability.png"}


@pytest.fixture(scope="module")
def written(outcome, tmp_path_factory):
    folder = tmp_path_factory.mktemp("written")
    (folder / "config.toml").write_text("seed = 5\n")
    write_report(folder, outcome)
    return folder


def test_both_reports_have_every_section_in_its_order(written):
    html = (written / "report.html").read_text()
    assert re.findall(r'<section id="(\w+)">', html) == [
        "summary",
        "data",
        "recipe",
        "curves",
        "classes",
        "confusion",
        "calibration",
        "proposals",
    ]
    titles = re.findall(r"<h2>(.*)</h2>", html)
    text = (written / "report.md").read_text()
    assert re.findall(r"(?m)^## (.*)$", text) == [*titles, "Files"]


def test_both_reports_and_all_plots_are_written(written):
    names = {path.name for path in written.iterdir()}
    assert names == {"report.html", "report.md", "config.toml"} | PLOTS
    html = (written / "report.html").read_text()
    assert html.count("data:image/png;base64,") == 2 * len(PLOTS)  # light and dark
    assert not re.search(r'(src|href)="(?!data:|#)', html)
    assert "drawn &lt;halves&gt;" in html
    text = (written / "report.md").read_text()
    assert text.startswith("# Training run: halves-first\n")
    assert all(f"]({name})" in text for name in PLOTS)


def test_what_lies_beside_the_report_is_linked(written):
    text = (written / "report.md").read_text()
    assert "[config.toml](config.toml)" in text
    assert "[report.html](report.html)" in text
    assert "run.json" not in text.partition("## Files")[2]


def test_names_of_classes_are_text_and_nothing_else(outcome, tmp_path):
    card = outcome.card.model_copy(update={"task": "other", "labels": EVIL})
    write_report(tmp_path, replace(outcome, card=card))
    html = (tmp_path / "report.html").read_text()
    assert "<script" not in html.lower()
    assert "&lt;script&gt;alert(1)" in html.lower()
    parser = MarkdownIt("commonmark").enable("table")
    read = parser.render((tmp_path / "report.md").read_text())
    assert "<script" not in read.lower()
    assert "<em>" not in read
    assert "$X$ [Y](Z) `W`" in read


def test_a_report_that_cannot_be_made_leaves_the_former_one(
    outcome, tmp_path, monkeypatch
):
    before = {"report.html": b"former", "report.md": b"former", "curves.png": b"former"}
    for name, content in before.items():
        (tmp_path / name).write_bytes(content)
    monkeypatch.setattr(report, "MARKDOWN", "no such folder/report.md")
    with pytest.raises(FileNotFoundError):
        write_report(tmp_path, outcome)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_run_of_one_epoch_has_a_report(outcome, tmp_path):
    write_report(tmp_path, replace(outcome, history=outcome.history[:1]))
    assert "The best epoch is 1 of 1" in (tmp_path / "report.md").read_text()
