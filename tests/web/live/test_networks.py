import hashlib
from importlib.resources import files

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from mimika.web.live.networks import CLASSIFIER, DETECTOR, NAMES, NetworksFinder

WEIGHTS = files("mimika") / "runtime" / "weights"


@pytest.mark.parametrize("address", [CLASSIFIER, DETECTOR])
def test_a_browser_gets_the_very_file_that_the_service_uses(
    address: str, client: Client, db: None
) -> None:
    response = client.get(f"/static/{address}")
    content = b"".join(response)  # type: ignore[arg-type]
    response.close()
    original = (WEIGHTS / address.rpartition("/")[2]).read_bytes()
    assert hashlib.sha256(content).digest() == hashlib.sha256(original).digest()


@pytest.mark.parametrize(
    "path",
    [
        "networks/emotion.evaluation.json",
        "networks/face_detector.LICENSE",
        "networks/../pipeline.py",
        "networks/",
        "emotion.onnx",
    ],
)
def test_nothing_else_of_that_folder_is_found(path: str) -> None:
    assert not finders.find(path)


def test_the_listing_names_both_with_their_prefix() -> None:
    found = list(NetworksFinder().list(None))
    assert [name for name, _ in found] == list(NAMES)
    assert all(storage.prefix == "networks" for _, storage in found)  # type: ignore[attr-defined]
    assert [name for name, _ in NetworksFinder().list(["emo*"])] == [NAMES[1]]


def test_all_places_of_a_network_are_one() -> None:
    finder = NetworksFinder()
    assert finder.find(CLASSIFIER, find_all=True) == [finder.find(CLASSIFIER)]
