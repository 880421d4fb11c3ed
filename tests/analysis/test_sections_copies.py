import numpy as np
import pytest

from mimika.analysis.run import Silent, examine
from mimika.analysis.sections_copies import MOST_OF_GROUP, duplicates
from mimika.data.samples import PUBLIC_TEST, TRAINING
from mimika.reporting.gallery import Gallery
from mimika.reporting.page import Heading
from mimika.reporting.tables import Table


def kinds(section, kind):
    return [block for block in section.blocks if isinstance(block, kind)]


@pytest.fixture(scope="module")
def copied(drawn):
    labels = np.arange(40) % 7
    splits = np.array([TRAINING] * 30 + [PUBLIC_TEST] * 10)
    images = drawn.images[:40].copy()
    images[20:30] = images[0]
    images[35] = images[0]
    return type(drawn)(
        images, labels, splits, np.arange(40), drawn.classes, TRAINING, "drawn"
    )


def test_a_large_group_shows_one_of_each_split_first(copied):
    section = duplicates(copied, examine(copied, None, 0, 1, Silent()))
    across = kinds(section, Gallery)[0].groups[0]
    assert [tile.detail for tile in across.tiles[:2]] == [TRAINING, PUBLIC_TEST]
    assert len(across.tiles) == MOST_OF_GROUP
    assert (across.title, across.note) == ("12 pictures", "7 not shown")


def test_conflicts_show_different_labels_first(copied):
    section = duplicates(copied, examine(copied, None, 0, 1, Silent()))
    conflict = kinds(section, Gallery)[1].groups[0]
    assert len({tile.title for tile in conflict.tiles}) == MOST_OF_GROUP


def test_leakage_stands_by_split_and_class(copied):
    section = duplicates(copied, examine(copied, None, 0, 1, Silent()))
    table = kinds(section, Table)[1]
    assert [cell.text for cell in table.rows[0]] == ["exact copies", "1 (10.0 %)"]
    assert table.rows[2 + 35 % 7][1].text != "0.0 %"


def test_a_set_without_copies_has_no_galleries(draw):
    pictures = draw(np.arange(20) % 7)
    section = duplicates(pictures, examine(pictures, None, 0, 1, Silent()))
    assert kinds(section, Gallery) == kinds(section, Heading) == []
