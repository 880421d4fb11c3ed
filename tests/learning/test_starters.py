"""Where pretrained weights are found."""

import pytest
import torch

from mimika.core.errors import ModelError
from mimika.core.tasks import task_for
from mimika.learning.starters import USUAL, Starter, find_starters, scale_of, start

TASK = task_for("shapes", ["round", "square"])


def test_files_are_known_by_the_name_of_their_network(weights, tmp_path):
    (found,) = find_starters((), weights, tmp_path, tmp_path)
    assert found == Starter("resnet10t", f"{weights}/resnet10t.drawn.safetensors")


def test_a_folder_of_weights_above_the_data_is_looked_into(weights, tmp_path):
    data = tmp_path / "a" / "b" / "train"
    data.mkdir(parents=True)
    (tmp_path / "a" / "weights").symlink_to(weights)
    (found,) = find_starters((), None, data, tmp_path / "home")
    assert found.backbone == "resnet10t"
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "weights").symlink_to(weights)
    (first,) = find_starters((), None, data, tmp_path / "home")
    assert str(tmp_path / "home") in first.weights


def test_without_files_the_usual_ones_come_from_the_hub(tmp_path):
    data = tmp_path / "a" / "b" / "c" / "d" / "train"
    found = find_starters((), None, data, tmp_path / "home")
    assert [one.backbone for one in found] == list(USUAL)
    assert {one.weights for one in found} == {"hub"}
    (named,) = find_starters(("vgg16",), None, data, tmp_path)
    assert named == Starter("vgg16", "hub")


def test_a_folder_without_weights_is_refused(tmp_path):
    with pytest.raises(ModelError, match="no files of weights in it"):
        find_starters((), tmp_path, tmp_path, tmp_path)


def test_a_network_is_made_with_its_weights_and_its_usual_input(weights, tmp_path):
    (starter,) = find_starters((), weights, tmp_path, tmp_path)
    started = start(starter, TASK, "crop", 500)
    assert not started.network.training
    assert started.network(torch.randn(1, 3, 64, 64)).shape == (1, 2)
    assert (started.spec.size, started.spec.fit, started.spec.scale) == (176, "crop", 1)
    assert started.spec.mean == (0.485, 0.456, 0.406)
    assert started.loaded.origin == starter.weights


def test_weights_that_cannot_be_fetched_may_be_given_as_a_folder(monkeypatch):
    def out_of_reach(*_, **__):
        raise OSError("no route")

    monkeypatch.setattr("mimika.models.hub.try_to_load_from_cache", out_of_reach)
    with pytest.raises(ModelError, match="no route") as caught:
        start(Starter("resnet18", "hub"), TASK, "crop", 48)
    assert str(caught.value).endswith(
        "; name a folder that holds resnet18.safetensors with --weights FOLDER"
    )
    assert "weights=PATH" not in str(caught.value)


def test_where_the_scale_is_kept_the_largest_picture_just_fits():
    assert scale_of("keep-scale", 224, 448) == 0.5
    assert scale_of("keep-scale", 224, 100) == 1  # nothing is enlarged
    assert scale_of("crop", 224, 448) == 1
