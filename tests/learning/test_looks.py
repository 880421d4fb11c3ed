"""What a frozen network gives for pictures, computed once."""

import numpy as np
import pytest
import torch

from mimika.core.images import read_picture
from mimika.core.preprocess import preprocess
from mimika.core.tasks import task_for
from mimika.learning import looks
from mimika.learning.looks import VIEWS, all_views, digest_of, has_stage, look
from mimika.learning.starters import find_starters, start
from mimika.models.parts import features_of

TASK = task_for("shapes", ["round", "square"])


@pytest.fixture
def started(weights, tmp_path):
    (starter,) = find_starters((), weights, tmp_path, tmp_path)
    return start(starter, TASK, "crop", 80)


def test_the_features_are_those_of_the_network(started, material, tmp_path):
    paths = material.pool.paths[:5]
    shares = []
    found = look(started, "resnet10t", paths, tmp_path, shares.append)
    inputs = preprocess([read_picture(path).pixels for path in paths], started.spec)
    with torch.no_grad():
        expected = features_of(started.network, torch.from_numpy(inputs)).numpy()
    np.testing.assert_allclose(found.features(0), expected, rtol=2e-3, atol=1e-3)
    assert not np.allclose(found.features(0), found.features(1), atol=1e-2)
    assert found.stage(2).ndim == 4
    assert shares[-1] == 1
    assert has_stage(started.network)


def test_what_is_kept_is_not_computed_again(started, material, tmp_path, monkeypatch):
    seen = []
    plain = looks.activations_of

    def counted(network, stage, inputs):
        seen.append(len(inputs))
        return plain(network, stage, inputs)

    monkeypatch.setattr(looks, "activations_of", counted)
    for count in (3, 3, 4):
        look(started, "resnet10t", material.pool.paths[:count], tmp_path, seen.append)
    numbers = [number for number in seen if isinstance(number, int)]
    assert sum(numbers) == 4 * VIEWS


def test_another_way_to_fit_is_kept_apart(weights, tmp_path):
    (starter,) = find_starters((), weights, tmp_path, tmp_path)
    digests = {digest_of(start(starter, TASK, fit, 80)) for fit in ("crop", "pad")}
    assert len(digests) == 2


def test_all_views_come_by_view(material):
    found = all_views(material.pool.paths[:2], 3, keep_scale=True)
    assert [len(pictures) for pictures in found] == [2, 2, 2]
    np.testing.assert_array_equal(found[1][0], found[0][0][:, ::-1])
