import json

import numpy as np
import pytest

from mimika.core.errors import InputError
from mimika.reporting import folder
from mimika.reporting.charts import Axis, heatmap
from mimika.reporting.folder import check_folder, write_folder
from mimika.reporting.page import Page, Section, Text

PAGE = Page("Title \udcff", "subtitle", (Section("a", "A", (Text("text"),)),))


def names(path):
    return sorted(child.name for child in path.iterdir())


def test_page_figures_and_plots_are_written(tmp_path):
    plot = heatmap("plot", "c", np.eye(2), ("ab", "ab"), Axis("x", "y"))
    page = Page("Title", "", (Section("a", "A", (plot,)),))
    out = tmp_path / "new" / "out"
    assert write_folder(out, "me", page, {"pictures": 3}) == out / "report.html"
    assert names(out) == ["plot.png", "report.html", "report.json"]
    assert json.loads((out / "report.json").read_text()) == {
        "made_by": "me",
        "report_files": ["plot.png", "report.html", "report.json"],
        "pictures": 3,
    }
    assert out.stat().st_mode & 0o777 == 0o755


def test_a_former_report_is_replaced_as_a_whole(tmp_path):
    out = tmp_path / "out"
    attached = {"p.npz": lambda path: path.write_bytes(b"p")}
    write_folder(out, "me", PAGE, {}, attached)
    assert "p.npz" in names(out)
    write_folder(out, "me", PAGE, {})
    assert names(out) == ["report.html", "report.json"]
    assert names(tmp_path) == ["out"]


def test_a_report_of_another_command_or_other_files_are_never_replaced(tmp_path):
    out = tmp_path / "out"
    write_folder(out, "me", PAGE, {})
    with pytest.raises(InputError, match="other files than a former report"):
        check_folder(out, "somebody else")
    for name in ("notes.md", "mine.npz", "photo.png"):
        (out / name).write_text("mine")
        with pytest.raises(InputError, match="other files"):
            write_folder(out, "me", PAGE, {})
        assert (out / name).read_text() == "mine"
        (out / name).unlink()


def test_a_file_is_no_folder_and_none_is_fine(tmp_path):
    (tmp_path / "a").write_text("")
    with pytest.raises(InputError, match="is a file"):
        check_folder(tmp_path / "a", "me")
    check_folder(tmp_path / "none", "me")
    (tmp_path / "empty").mkdir()
    check_folder(tmp_path / "empty", "me")


def test_nothing_half_written_is_left(tmp_path, monkeypatch):
    out = tmp_path / "out"
    write_folder(out, "me", PAGE, {"kept": 1})

    def fail(page):
        raise OSError("no space left on device")

    monkeypatch.setattr(folder, "render_page", fail)
    with pytest.raises(OSError, match="no space left"):
        write_folder(out, "me", PAGE, {"kept": 2})
    assert names(tmp_path) == ["out"]
    assert json.loads((out / "report.json").read_text())["kept"] == 1


def test_figures_that_are_no_numbers_are_refused(tmp_path):
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_folder(tmp_path / "out", "me", PAGE, {"a": float("nan")})
    assert names(tmp_path) == []
