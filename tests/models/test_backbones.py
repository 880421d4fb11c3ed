"""The door to timm and torchvision."""

import subprocess
import sys

import pytest
import torch

from mimika.core.errors import ModelError
from mimika.models.backbones import (
    GOOGLENET,
    is_timm,
    patch_size,
    published,
    renamed,
    timm_names,
    torchvision,
)
from mimika.models.catalogue import CATALOGUE, NetworkSpec, create_network
from mimika.models.parts import layer_groups


def run(program):
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        capture_output=True,
        text=True,
        check=False,
    )


def test_our_own_network_is_made_without_timm():
    done = run(
        "import sys, mimika.models.catalogue as c, mimika.models.parts as p\n"
        "p.layer_groups(c.create_network(c.NetworkSpec('compact_resnet', 1, 48, 7)))\n"
        "print(sorted({'timm', 'torchvision'} & set(sys.modules)))"
    )
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_timm_is_imported_without_a_warning():
    done = run("from mimika.models.backbones import timm; print(timm().__name__)")
    assert (done.stdout.strip(), done.stderr) == ("timm", "")


def test_an_import_that_works_is_left_alone():
    # a torchvision whose operators load: nothing may be declared a second time
    done = run(
        "import sys, types, torch\n"
        "sys.modules['torchvision'] = types.ModuleType('torchvision')\n"
        "from mimika.models import backbones\n"
        "assert backbones.torchvision() is sys.modules['torchvision']\n"
        "print(backbones.missing_operators.cache_info().currsize)"
    )
    assert (done.stdout.strip(), done.stderr) == ("0", "")


def test_another_failure_of_the_import_is_not_hidden(tmp_path):
    (tmp_path / "torchvision.py").write_text("raise RuntimeError('disk on fire')\n")
    done = run(
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "from mimika.models.backbones import torchvision\n"
        "torchvision()"
    )
    assert done.returncode == 1
    assert "disk on fire" in done.stderr


def test_names_of_timm_are_known_with_and_without_a_tag():
    assert is_timm("resnet18")
    assert is_timm("resnet18.a1_in1k")
    assert not is_timm("resnet9")
    assert not is_timm("hf-hub:timm/resnet18.a1_in1k")
    assert timm_names("vgg1?") == ["vgg11", "vgg13", "vgg16", "vgg19"]


def test_only_networks_of_a_fixed_size_have_a_patch():
    assert patch_size("resnet18") is None
    assert patch_size("vit_tiny_patch16_224") == 16
    assert patch_size("xcit_nano_12_p8_224") in (None, 8)


@pytest.mark.parametrize("name", ["rdnet_tiny", "pit_ti_224"])
def test_layers_have_groups_also_where_timm_tells_none(name):
    network = create_network(NetworkSpec(name, 3, 224, 7))
    groups = layer_groups(network)
    names = [name for group in groups for name in group]
    assert sorted(names) == sorted(name for name, _ in network.named_parameters())
    assert len(groups) > 2


def test_a_transformer_sees_what_lies_beyond_its_last_whole_patch():
    torch.manual_seed(0)
    network = create_network(NetworkSpec("vit_tiny", 1, 40, 7)).eval()
    first, second = torch.zeros(2, 1, 1, 40, 40)
    second[..., 36:] = 5.0  # 40 = 2 * 16 + 8
    with torch.no_grad():
        assert not torch.allclose(network(first), network(second))


def test_every_entry_but_our_own_has_published_weights_with_a_licence():
    found = {
        name: published(entry.published_as).licence
        for name, entry in CATALOGUE.items()
        if entry.published_as is not None
    }
    assert set(CATALOGUE) - set(found) == {"compact_resnet", "tiny_vgg"}
    assert set(found.values()) == {"apache-2.0", "bsd-3-clause"}


@pytest.mark.parametrize(
    ("source", "choice", "repository"),
    [
        ("resnet18", "", "timm/resnet18.a1_in1k"),
        ("resnet18", "tv_in1k", "timm/resnet18.tv_in1k"),
        ("resnet18", "resnet18.tv_in1k", "timm/resnet18.tv_in1k"),
        ("resnet18.tv_in1k", "", "timm/resnet18.tv_in1k"),
        ("resnet18.tv_in1k", "a1_in1k", "timm/resnet18.a1_in1k"),
        ("resnet18", "someone/faces@v2", "someone/faces@v2"),
    ],
)
def test_weights_are_chosen_by_tag_name_or_repository(source, choice, repository):
    assert published(source, choice).repository == repository


def test_an_unknown_tag_gives_the_known_ones():
    with pytest.raises(
        ModelError, match=r"hub:best: .*of resnet18; .*resnet18\.a1_in1k"
    ):
        published("resnet18", "best")
    with pytest.raises(ModelError, match="of googlenet; there are IMAGENET1K_V1"):
        published(GOOGLENET, "best")


def test_a_network_without_published_weights_has_none():
    assert published("densenet264d") is None


@pytest.mark.parametrize("name", ["vgg16", "densenet121"])
def test_files_of_torchvision_are_renamed_to_timms_tensors(name):
    with torch.device("meta"):
        theirs = getattr(torchvision().models, name)().state_dict()
        ours = create_network(NetworkSpec(name, 3, 48, 1000))
    if name == "densenet121":  # as the files are, older than torchvision's code
        theirs = {
            key.replace("norm1", "norm.1").replace("conv2", "conv.2"): value
            for key, value in theirs.items()
            if not key.endswith("num_batches_tracked")
        }
    found = {name: tuple(value.shape) for name, value in renamed(ours, theirs).items()}
    expected = {name: tuple(value.shape) for name, value in ours.state_dict().items()}
    assert found.items() <= expected.items()
    assert all("num_batches" in name for name in expected.keys() - found.keys())


def test_tensors_of_other_networks_keep_their_names():
    network = create_network(NetworkSpec("tiny_vgg", 1, 48, 7))
    assert renamed(network, network.state_dict()).keys() == network.state_dict().keys()
