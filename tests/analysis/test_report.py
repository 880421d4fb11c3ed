import json
from dataclasses import replace

import numpy as np
import pytest

from mimika.analysis.report import check_out, write_report
from mimika.analysis.run import Silent, examine
from mimika.core.errors import InputError
from mimika.reporting import folder


@pytest.fixture(scope="module")
def findings(drawn):
    return examine(drawn, None, 0, 1, Silent())


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_page_figures_and_plots_are_written(tmp_path, drawn, findings):
    page = write_report(tmp_path / "out", drawn, findings)
    assert page == tmp_path / "out" / "report.html"
    assert {"report.html", "report.json", "class_balance.png"} <= set(
        names(tmp_path / "out")
    )
    figures = json.loads((tmp_path / "out" / "report.json").read_text())
    assert figures["pictures"] == 120
    assert figures["balance"]["splits"][0]["counts"] == [13] * 6 + [12]
    assert names(tmp_path) == ["out"]


def test_a_former_report_is_replaced_as_a_whole(tmp_path, drawn, findings):
    out = tmp_path / "out"
    write_report(out, drawn, findings)
    kept = json.loads((out / "report.json").read_text())
    kept["report_files"].append("old.png")  # as if the former one had had this plot
    (out / "report.json").write_text(json.dumps(kept))
    (out / "old.png").write_bytes(b"")
    write_report(out, drawn, findings)
    assert "old.png" not in names(out)
    assert names(tmp_path) == ["out"]


def test_other_peoples_files_are_never_replaced(tmp_path, drawn, findings):
    out = tmp_path / "out"
    write_report(out, drawn, findings)
    for name in ("thesis.txt", "mine.png"):
        (out / name).write_text("mine")
        with pytest.raises(InputError, match="other files than a former report"):
            write_report(out, drawn, findings)
        assert (out / name).read_text() == "mine"
        (out / name).unlink()


def test_a_report_of_another_tool_is_not_ours(tmp_path):
    for name in ("report.html", "report.json"):
        (tmp_path / name).write_text("{}")
    with pytest.raises(InputError, match="other files"):
        check_out(tmp_path)


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "a").write_text("")
    with pytest.raises(InputError, match="is a file"):
        check_out(tmp_path / "a")


def test_nothing_half_written_is_left(tmp_path, drawn, findings, monkeypatch):
    write_report(tmp_path / "out", drawn, findings)
    before = (tmp_path / "out" / "report.json").read_bytes()

    def fail(page):
        raise OSError("no space left on device")

    monkeypatch.setattr(folder, "render_page", fail)
    with pytest.raises(OSError, match="no space left"):
        write_report(tmp_path / "out", drawn, findings)
    assert names(tmp_path) == ["out"]
    assert (tmp_path / "out" / "report.json").read_bytes() == before


def test_the_same_seed_gives_the_same_figures(tmp_path, drawn, findings):
    again = examine(drawn, None, 0, 1, Silent())
    pages = [
        write_report(tmp_path / name, drawn, found)
        for name, found in (("one", findings), ("two", again))
    ]
    one, two = (page.with_name("report.json").read_bytes() for page in pages)
    assert one == two


def test_a_set_without_any_label_has_a_report(tmp_path, draw):
    pictures = draw([-1] * 12)
    found = examine(pictures, None, 0, 1, Silent())
    html = write_report(tmp_path / "out", pictures, found).read_text()
    assert "nothing to learn from" in html


def test_a_single_blank_picture_has_a_report(tmp_path, draw):
    pictures = draw([0])
    pictures = replace(pictures, images=np.zeros_like(pictures.images))
    found = examine(pictures, None, 0, 1, Silent())
    assert (
        "1 picture is blank"
        in write_report(tmp_path / "out", pictures, found).read_text()
    )


def test_names_that_are_no_utf8_are_shown_with_question_marks(
    tmp_path, drawn, findings
):
    odd = replace(drawn, source="bad\udcff")
    assert "bad?" in write_report(tmp_path / "out", odd, findings).read_text()
