from dataclasses import replace

from mimika.analysis.any_folder import read_any_folder
from mimika.analysis.run import Silent, examine
from mimika.analysis.sections_looks import MOST_BROKEN, appearance, files
from mimika.data.samples import BadRow
from mimika.reporting.page import Figure
from mimika.reporting.tables import Table


def of_kind(section, kind):
    return [block for block in section.blocks if isinstance(block, kind)]


def test_every_measure_has_a_plot_and_a_table(drawn):
    section = appearance(drawn, examine(drawn, None, 0, 1, Silent()))
    names = [figure.name for figure in of_kind(section, Figure)]
    assert names == ["brightness", "contrast", "sharpness"]
    assert [len(table.rows) for table in of_kind(section, Table)] == [8, 8, 8]


def test_unlabelled_pictures_have_one_line(draw):
    pictures = draw([-1] * 6)
    section = appearance(pictures, examine(pictures, None, 0, 1, Silent()))
    assert [table.rows[0][0].text for table in of_kind(section, Table)] == ["all"] * 3


def test_sizes_of_files_are_counted(tmp_path, save):
    save(tmp_path / "ants" / "a.png", size=(30, 60))
    save(tmp_path / "ants" / "b.jpg", size=(60, 60))
    section = files(read_any_folder(tmp_path))
    sizes, kinds = of_kind(section, Table)
    assert [cell.text for cell in sizes.rows[2]][1::4] == ["0.50", "1.00"]
    assert "PNG: 1" in kinds.rows[1][1].text
    assert [figure.name for figure in of_kind(section, Figure)] == ["sizes"]


def test_a_long_list_of_broken_files_is_cut(drawn):
    broken = tuple(BadRow(f"{n}.jpg", "cut") for n in range(100))
    (table,) = of_kind(files(replace(drawn, broken=broken)), Table)
    assert len(table.rows) == MOST_BROKEN
    assert "60 more stand in report.json" in table.caption
