"""Small data sets of drawn pictures, and a network with weights that were drawn."""

from contextlib import contextmanager

import cv2
import numpy as np
import pytest
import safetensors.torch
import torch
from PIL import Image

from mimika.analysis.any_folder import read_any_folder
from mimika.analysis.run import Silent, examine
from mimika.learning import strategies
from mimika.learning.fitting import Course
from mimika.learning.photographs import gather
from mimika.learning.run import learn
from mimika.learning.settings import Settings
from mimika.models.catalogue import create_network
from mimika.models.spec import NetworkSpec


def draw(kind, rng, side=(60, 80)):
    """A noisy picture, uint8 (H, W, 3): `round` has a disc, `square` a square."""
    coarse = rng.integers(40, 150, (4, 5)).astype(np.uint8)
    ground = cv2.resize(coarse, side[::-1], interpolation=cv2.INTER_CUBIC)
    image = ground[..., None] + rng.normal(0, 8, (*side, 3))
    rows, columns = np.mgrid[: side[0], : side[1]]
    y, x = rng.uniform(22, side[0] - 22), rng.uniform(22, side[1] - 22)
    radius = rng.uniform(12, 18)
    if kind == "round":
        inside = np.hypot(rows - y, columns - x) < radius
        image[inside] += (120, 40, 20)
    else:
        inside = np.maximum(abs(rows - y), abs(columns - x)) < radius
        image[inside] += (20, 40, 120)
    return image.clip(0, 255).astype(np.uint8)


@pytest.fixture
def draw_folder():
    """Writes class folders with that many pictures of each kind."""
    return write_folder


def write_folder(root, counts, seed=0):
    """See `draw_folder`."""
    rng = np.random.default_rng(seed)
    for kind, count in counts.items():
        folder = root / kind
        folder.mkdir(parents=True)
        for number in range(count):
            image = draw("round" if kind.startswith("r") else "square", rng)
            Image.fromarray(image).save(folder / f"{number:02}.png")
    return root


@pytest.fixture
def folder(tmp_path):
    """Twelve pictures of each of two kinds to learn from, and three held out."""
    write_folder(tmp_path / "shapes" / "train", {"round": 12, "square": 12})
    write_folder(tmp_path / "shapes" / "test", {"round": 3, "square": 3}, seed=9)
    return tmp_path / "shapes"


@pytest.fixture
def analysed():
    """Reads and analyses a folder."""

    def read(root):
        pictures = read_any_folder(root)
        return pictures, examine(pictures, None, 0, 1, Silent())

    return read


@pytest.fixture
def material(folder, analysed):
    """What there is to learn from in the folder."""
    return gather(*analysed(folder), "shapes")


@pytest.fixture(scope="session")
def weights(tmp_path_factory):
    """A folder with weights of a small ResNet, drawn at random."""
    torch.manual_seed(0)
    network = create_network(NetworkSpec("resnet10t", 3, 64, 5))
    for part in network.modules():
        if isinstance(part, torch.nn.BatchNorm2d):
            part.running_var.uniform_(0.5, 2.0)
    folder = tmp_path_factory.mktemp("weights")
    safetensors.torch.save_file(
        dict(network.state_dict()), folder / "resnet10t.drawn.safetensors"
    )
    return folder


class Heard:
    """Notes the steps and the shares that it is told."""

    def __init__(self):
        self.names, self.shares = [], []

    @contextmanager
    def step(self, name):
        self.names.append(name)
        yield self.shares.append


@pytest.fixture
def heard():
    return Heard()


@pytest.fixture(scope="session")
def outcome(tmp_path_factory):
    """What a short search has found: Tiny VGG, and features of the small ResNet."""
    root = tmp_path_factory.mktemp("outcome")
    write_folder(root / "shapes" / "train", {"round": 8, "square": 8})
    write_folder(root / "shapes" / "test", {"round": 3, "square": 3}, seed=9)
    torch.manual_seed(0)
    network = create_network(NetworkSpec("resnet10t", 3, 64, 5))
    (root / "weights").mkdir()
    safetensors.torch.save_file(
        dict(network.state_dict()), root / "weights" / "resnet10t.safetensors"
    )
    pictures = read_any_folder(root / "shapes")
    settings = Settings(root / "shapes", root / "home", folds=2, repeats=2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(strategies, "TUNING", Course(1, 1e-4, frozen_norms=True))
        patch.setattr(strategies, "SCRATCH", Course(1, 3e-3))
        findings = examine(pictures, None, 0, 1, Silent())
        return learn(pictures, findings, settings, Silent())
