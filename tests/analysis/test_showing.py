import numpy as np
import pytest

from mimika.analysis.any_folder import read_any_folder
from mimika.analysis.showing import Showing, chosen_classes, counted, only_some


def test_few_classes_are_shown_in_their_order():
    assert chosen_classes([1, 9, 3], 3) == [0, 1, 2]
    assert only_some(3, 3) == ""


def test_of_many_classes_the_largest_and_the_smallest_are_shown():
    counts = np.arange(100).tolist()
    assert chosen_classes(counts, 5) == [99, 98, 2, 1, 0]
    assert "the 2 largest and the 3 smallest" in only_some(5, 100)


@pytest.mark.parametrize(
    ("count", "what", "text"),
    [
        (1, "class", "1 class is"),
        (2, "class", "2 classes are"),
        (3000, "picture", "3,000 pictures are"),
    ],
)
def test_things_are_counted_in_words(count, what, text):
    assert counted(count, what) == text


def test_a_file_that_went_away_is_shown_reduced(tmp_path, save):
    path = save(tmp_path / "ants" / "a.png", size=(200, 200))
    pictures = read_any_folder(tmp_path)
    path.unlink()
    tile = Showing(pictures).tile(0)
    assert tile.source.startswith("data:image/png")
    assert (tile.title, tile.hint) == ("ants", "ants/a.png")
