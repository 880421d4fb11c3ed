"""What tests of networks share: one thread, a small network, pretrained files."""

from pathlib import Path

import pytest
import torch

from mimika.models.catalogue import NetworkSpec, create_network

SHARED = Path(__file__).resolve().parents[3] / "shared" / "weights"


@pytest.fixture(autouse=True, scope="session")
def _one_thread():
    """Several test processes on few cores would otherwise wait for each other."""
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def pretrained_folder():
    """The folder with files of ImageNet weights, or a skip."""
    if not SHARED.is_dir():
        pytest.skip(f"no folder {SHARED.name} beside the checkout")
    return SHARED


@pytest.fixture
def trained():
    """A network of timm with statistics as if it were trained; 3 channels, 48 px."""
    torch.manual_seed(1)
    network = create_network(NetworkSpec("mobilenetv3_small_100", 3, 48, 5)).eval()
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.uniform_(-0.2, 0.2)
            module.running_var.uniform_(0.5, 2.0)
    return network
