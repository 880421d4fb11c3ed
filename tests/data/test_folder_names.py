import pytest

from mimika.core.tasks import EMOTION
from mimika.data.folder_names import (
    SYNONYMS,
    class_of_folder,
    split_of_file,
    splits_of_folders,
)


@pytest.mark.parametrize(("number", "key"), list(enumerate(EMOTION.keys)))
def test_a_class_is_known_by_name_in_any_case_and_by_number(
    number: int, key: str
) -> None:
    spellings = [key, key.title(), key.upper(), f"{number}", f"0{number}"]
    spellings += [f"{number}_{key}", f"{number}-{key.title()}", f"{number}. {key}"]
    for name in spellings:
        assert class_of_folder(name, EMOTION.keys) == number, name


@pytest.mark.parametrize(("word", "key"), list(SYNONYMS.items()))
def test_usual_other_words_mean_their_class(word: str, key: str) -> None:
    expected = EMOTION.keys.index(key)
    assert class_of_folder(word.title(), EMOTION.keys) == expected
    assert class_of_folder(f"5_{word}", EMOTION.keys) == expected


def test_where_number_and_name_differ_the_name_decides() -> None:
    """Folders are often numbered in alphabetical order, where sad is 5."""
    assert class_of_folder("5_sad", EMOTION.keys) == EMOTION.keys.index("sad")


@pytest.mark.parametrize("name", ["contempt", "7", "-1", "1.5", "", "happyish", "3_x"])
def test_no_class_is_guessed(name: str) -> None:
    assert class_of_folder(name, EMOTION.keys) is None


def test_synonyms_do_not_reach_into_other_tasks() -> None:
    assert class_of_folder("anger", ("small", "large")) is None
    assert class_of_folder("anger", ("anger", "joy")) == 0


def test_separators_in_keys_do_not_matter() -> None:
    assert class_of_folder("Small Part", ("large_part", "small_part")) == 1


TRAIN, PUBLIC, PRIVATE = "Training", "PublicTest", "PrivateTest"


@pytest.mark.parametrize(
    "expected",
    [
        {"train": TRAIN, "test": PUBLIC},
        {"Training": TRAIN, "Test": PUBLIC},
        {"train": TRAIN, "val": PUBLIC, "test": PRIVATE},
        {"train": TRAIN, "VALIDATION": PUBLIC, "Testing": PRIVATE},
        {"train": TRAIN, "valid": PUBLIC},
        {"Training": TRAIN, "PublicTest": PUBLIC, "PrivateTest": PRIVATE},
        {"train": TRAIN, "public_test": PUBLIC, "private-test": PRIVATE},
        {"train": TRAIN, "test": PUBLIC, "private": PRIVATE},
        {"train": TRAIN, "val": PUBLIC, "test": PUBLIC, "private": PRIVATE},
    ],
)
def test_split_folders_are_told_by_what_stands_beside_them(
    expected: dict[str, str],
) -> None:
    assert splits_of_folders(list(expected)) == expected


def test_class_folders_are_no_splits() -> None:
    assert splits_of_folders(EMOTION.keys) == {}


def test_file_names_tell_public_and_private_test_apart() -> None:
    assert split_of_file("PrivateTest_10131363.jpg", PUBLIC) == PRIVATE
    assert split_of_file("publictest_1.png", None) == PUBLIC
    assert split_of_file("face.png", PRIVATE) == PRIVATE
    assert split_of_file("face.png", None) == TRAIN
    assert split_of_file("PrivateTest_1.jpg", TRAIN) == TRAIN
