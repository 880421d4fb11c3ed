from pathlib import Path

import numpy as np

from mimika.analysis.any_folder import read_any_folder
from mimika.analysis.pictures import fit_within, from_samples
from mimika.core.tasks import EMOTION
from mimika.data.samples import Samples


def test_a_table_is_named_by_split_and_row():
    samples = Samples(
        np.zeros((2, 48, 48), np.uint8),
        np.array([3, -1]),
        np.array(["PublicTest", "Training"]),
        np.array([7, 9]),
        "a.csv",
    )
    pictures = from_samples(samples, EMOTION.labels)
    assert [pictures.name(0), pictures.class_name(0)] == ["PublicTest 7", "Happy"]
    assert [pictures.name(1), pictures.class_name(1)] == ["Training 9", "no label"]
    assert pictures.split_names == ("Training", "PublicTest")
    assert pictures.class_counts == [0, 0, 0, 1, 0, 0, 0]
    assert pictures.shown(0).shape == (48, 48)


def test_a_photograph_is_shown_in_colour_from_its_file(tmp_path, save):
    save(tmp_path / "ants" / "a.png", size=(300, 200))
    pictures = read_any_folder(Path(tmp_path))
    assert pictures.shown(0).shape == (75, 112, 3)


def test_only_larger_pictures_are_reduced():
    wide = np.zeros((10, 3000), np.uint8)
    assert fit_within(wide, 100).shape == (1, 100)
    assert fit_within(wide[:, :50], 100).shape == (10, 50)
