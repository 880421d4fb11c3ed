import numpy as np
import pytest
from PIL import Image

from mimika.analysis import any_folder
from mimika.analysis.any_folder import name_classes, read_any_folder
from mimika.core.errors import DataError
from mimika.core.tasks import EMOTION
from mimika.data.samples import UNLABELLED


def causes(pictures):
    return {bad.where.rsplit("/", 1)[-1]: bad.cause for bad in pictures.broken}


def test_classes_are_named_after_their_folders(tmp_path, save):
    for name in ("ants", "bees"):
        for number in range(3):
            save(tmp_path / name / f"{number}.jpg", seed=number)
    found = read_any_folder(tmp_path)
    assert [label.name for label in found.classes] == ["ants", "bees"]
    assert found.labels.tolist() == [0, 0, 0, 1, 1, 1]
    assert found.images.shape == (6, 64, 64)
    assert found.files.sizes.tolist() == [[60, 80]] * 6
    assert found.files.paths[0] == "ants/0.jpg"
    assert found.split_names == ("All pictures",)


def test_split_folders_are_splits_only_if_they_hold_folders(tmp_path, save):
    save(tmp_path / "train" / "ants" / "a.png")
    save(tmp_path / "val" / "ants" / "b.png", seed=1)
    assert read_any_folder(tmp_path).splits.tolist() == ["Training", "PublicTest"]
    other = tmp_path / "other"
    save(other / "public" / "a.png")
    save(other / "private" / "b.png", seed=1)
    names = [label.name for label in read_any_folder(other).classes]
    assert names == ["private", "public"]


def test_a_folder_beside_the_splits_is_left_out_and_named(tmp_path, save):
    save(tmp_path / "train" / "ants" / "a.png")
    save(tmp_path / "notes" / "b.png")
    found = read_any_folder(tmp_path)
    assert len(found) == 1
    assert "beside the split folders" in causes(found)["notes"]


def test_the_seven_emotions_keep_their_order_and_small_size(tmp_path, save):
    for key in EMOTION.keys:
        save(tmp_path / key.title() / "a.png", size=(48, 48), seed=len(key))
    found = read_any_folder(tmp_path)
    assert found.classes == EMOTION.labels
    assert found.images.shape == (7, 48, 48)
    assert found.training == "Training"


def test_folders_that_differ_in_letter_case_are_two_classes():
    labels, numbers = name_classes(["Ants", "ants"])
    assert [label.name for label in labels] == ["Ants", "ants"]
    assert numbers == {"Ants": 0, "ants": 1}


def test_numbered_folders_are_not_taken_for_emotions():
    assert [label.name for label in name_classes(["0", "1"])[0]] == ["0", "1"]


def test_unicode_spaces_and_deeper_folders_are_read(tmp_path, save):
    save(tmp_path / "žába a čáp" / "dvě fotky" / "a b.png")
    found = read_any_folder(tmp_path)
    assert found.files.paths == ("žába a čáp/dvě fotky/a b.png",)
    assert found.class_name(0) == "žába a čáp"


def test_links_in_a_circle_end(tmp_path, save):
    save(tmp_path / "ants" / "a.png")
    (tmp_path / "ants" / "again").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "ants" / "self.jpg").symlink_to("self.jpg")
    (tmp_path / "ants" / "gone.jpg").symlink_to("nowhere.jpg")
    found = read_any_folder(tmp_path)
    assert len(found) == 1
    assert "a link to a folder" in causes(found)["again"]
    assert "symbolic links" in causes(found)["self.jpg"]
    assert "No such file" in causes(found)["gone.jpg"]


def test_what_cannot_be_read_is_listed_with_path_and_reason(tmp_path, save):
    whole = save(tmp_path / "ants" / "a.png").read_bytes()
    (tmp_path / "ants" / "text.jpg").write_text("not a picture")
    (tmp_path / "ants" / "empty.png").write_bytes(b"")
    (tmp_path / "ants" / "cut.png").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "ants" / "readme.txt").write_text("other")
    Image.new("L", (20_001, 2)).save(tmp_path / "ants" / "wide.png")
    found = read_any_folder(tmp_path)
    assert len(found) == 1
    assert found.files.other_files == 1
    assert set(causes(found)) == {"text.jpg", "empty.png", "cut.png", "wide.png"}
    assert "20001 x 2" in causes(found)["wide.png"]


def test_the_smallest_and_the_longest_pictures_are_read(tmp_path):
    (tmp_path / "ants").mkdir()
    Image.new("RGB", (1, 1)).save(tmp_path / "ants" / "dot.png")
    Image.new("L", (20_000, 3), 7).save(tmp_path / "ants" / "long.png")
    found = read_any_folder(tmp_path)
    assert found.files.sizes.tolist() == [[1, 1], [20_000, 3]]
    assert found.files.modes.tolist() == ["RGB", "L"]


def test_pictures_outside_class_folders_have_no_label(tmp_path, save):
    save(tmp_path / "loose.png")
    save(tmp_path / "ants" / "a.png", seed=1)
    assert read_any_folder(tmp_path).labels.tolist() == [0, UNLABELLED]


def test_an_empty_class_is_kept(tmp_path, save):
    save(tmp_path / "ants" / "a.png")
    (tmp_path / "bees").mkdir()
    assert [label.name for label in read_any_folder(tmp_path).classes] == [
        "ants",
        "bees",
    ]


def test_a_folder_without_pictures_is_refused(tmp_path):
    (tmp_path / "ants").mkdir()
    (tmp_path / "ants" / "a.jpg").write_text("text")
    with pytest.raises(DataError, match=r"no pictures in it.*a\.jpg"):
        read_any_folder(tmp_path)


def test_too_many_pictures_are_refused_before_any_is_read(tmp_path, save, monkeypatch):
    monkeypatch.setattr(any_folder, "MOST_PICTURES", 1)
    for number in range(2):
        save(tmp_path / "ants" / f"{number}.png")
    with pytest.raises(DataError, match="2 pictures; at most 1"):
        read_any_folder(tmp_path, lambda paths: pytest.fail("read"))


def test_rows_count_broken_files_too(tmp_path, save):
    (tmp_path / "ants").mkdir()
    (tmp_path / "ants" / "a.jpg").write_text("text")
    save(tmp_path / "ants" / "b.png")
    assert read_any_folder(tmp_path).rows.tolist() == [1]
    assert np.ptp(read_any_folder(tmp_path).images) > 0
