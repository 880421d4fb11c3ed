"""What a folder's name says: a class or a split, in the spellings people use."""

import re
from collections.abc import Collection, Sequence
from functools import lru_cache

from mimika.data.samples import PRIVATE_TEST, PUBLIC_TEST, TRAINING

# usual name of a class folder: the key of the class
SYNONYMS: dict[str, str] = {
    "anger": "angry",
    "disgusted": "disgust",
    "afraid": "fear",
    "fearful": "fear",
    "happiness": "happy",
    "sadness": "sad",
    "surprised": "surprise",
    "suprise": "surprise",
}
TRAIN_NAMES = ("train", "training")
CHOOSING_NAMES = ("val", "valid", "validation", "public", "publictest")
TEST_NAMES = ("test", "testing")
HELD_OUT_NAMES = ("private", "privatetest")
NUMBER_AND_NAME = re.compile(r"(\d+)(?:[\s_.-]+(.+))?")


def class_of_folder(name: str, labels: Sequence[str]) -> int | None:
    """The class that a folder is named after.

    Args:
        name: `happy`, `Happy`, `happiness`, `3`, `3_happy`. Where number and name are
            both there the name decides: people number their folders in orders of their
            own, but a bare number is a number of the data set.
        labels: keys of the classes in the order of their numbers.

    Returns:
        0..K-1; None where the name is that of no class.
    """
    numbers = _numbers(tuple(labels))
    if _plain(name) in numbers:
        return numbers[_plain(name)]
    found = NUMBER_AND_NAME.fullmatch(name.strip())
    if found and found[2] is None:
        number = int(found[1])
        return number if number < len(labels) else None
    word = _plain(found[2] if found else name)
    return numbers.get(SYNONYMS.get(word, word))


def splits_of_folders(names: Collection[str]) -> dict[str, str]:
    """The split of every folder that is named after one.

    Training folders are Training, folders for choosing a model (`val`, `public`) are
    PublicTest, `private` is PrivateTest. `test` is PublicTest, as FER2013's folders
    have it; but beside a folder for choosing, and without one called private, it is
    what was held out: PrivateTest.

    Args:
        names: names of all folders at one place.

    Returns:
        Split by folder name; names that mean no split are left out.
    """
    plain = {name: _plain(name) for name in names}
    present = set(plain.values())
    is_held_out = present & set(CHOOSING_NAMES) and not present & set(HELD_OUT_NAMES)
    meaning = {
        **dict.fromkeys(TRAIN_NAMES, TRAINING),
        **dict.fromkeys(CHOOSING_NAMES, PUBLIC_TEST),
        **dict.fromkeys(TEST_NAMES, PRIVATE_TEST if is_held_out else PUBLIC_TEST),
        **dict.fromkeys(HELD_OUT_NAMES, PRIVATE_TEST),
    }
    return {name: meaning[word] for name, word in plain.items() if word in meaning}


def split_of_file(name: str, folder_split: str | None) -> str:
    """The split of a picture, from its file's name and its folder.

    FER2013's own folders hold PublicTest and PrivateTest mixed in `test`, and tell them
    apart by the names of the files (`PrivateTest_10131363.jpg`). What somebody put into
    a folder for training stays there, whatever it is called.

    Args:
        name: name of the picture's file.
        folder_split: what its folder says; None where there are only class folders,
            which are Training unless the file's name says otherwise.
    """
    if folder_split == TRAINING:
        return TRAINING
    for split in (PUBLIC_TEST, PRIVATE_TEST):
        if name.lower().startswith(f"{split.lower()}_"):
            return split
    return folder_split or TRAINING


@lru_cache(maxsize=4)
def _numbers(labels: tuple[str, ...]) -> dict[str, int]:
    """Class numbers by plain key; kept, because every folder asks for them."""
    return {_plain(key): number for number, key in enumerate(labels)}


def _plain(name: str) -> str:
    """`Public_Test` and `public-test` as `publictest`."""
    return re.sub(r"[\s_.-]+", "", name).lower()
