"""Pretrained weights in a network."""

import hashlib

import pytest
import torch
from safetensors.torch import save_file

from mimika.core.errors import ModelError
from mimika.core.preprocess import PreprocessSpec
from mimika.models import pretrained
from mimika.models.backbones import torchvision
from mimika.models.catalogue import NetworkSpec, assemble, create_network
from mimika.models.checkpoint import save_checkpoint
from mimika.models.hub import Published
from mimika.models.parts import features_of
from mimika.models.pretrained import (
    Loaded,
    licence_with,
    load_pretrained,
    read_tensors,
)

GREY = NetworkSpec("mobilenetv3_small_100", 1, 48, 7)


@pytest.fixture
def file(trained, tmp_path):
    """The weights of `trained` as safetensors."""
    path = tmp_path / "small.safetensors"
    save_file(trained.state_dict(), path)
    return path


def load(spec, weights):
    """A network with weights, in evaluation mode, and what was loaded."""
    network = create_network(spec).eval()
    return network, load_pretrained(network, spec, str(weights))


def assert_same_on_grey(first, second, x):
    with torch.no_grad():
        expected = features_of(first, x.expand(-1, 3, -1, -1))
        found = features_of(second, x)
    assert expected.std() > 0
    torch.testing.assert_close(found, expected, atol=1e-4, rtol=1e-4)


def test_a_grey_network_answers_as_the_coloured_one_did_on_grey(trained, file):
    network, loaded = load(GREY, file)
    assert_same_on_grey(trained, network, torch.randn(2, 1, 48, 48))
    assert loaded.origin == str(file)
    assert loaded.licence is None
    assert loaded.digest == hashlib.sha256(file.read_bytes()).hexdigest()
    assert loaded.fresh == ("classifier.weight", "classifier.bias")


def test_grey_weights_serve_coloured_pictures(file, tmp_path):
    grey, _ = load(GREY, file)
    save_file(grey.state_dict(), tmp_path / "grey.safetensors")
    spec = NetworkSpec("mobilenetv3_small_100", 3, 48, 7)
    coloured, _ = load(spec, tmp_path / "grey.safetensors")
    assert_same_on_grey(coloured, grey, torch.randn(2, 1, 48, 48))


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("mobilenetv2_100", "mobilenetv2_100"),
        ("efficientnet_lite0", "tf_efficientnet_lite0"),
    ],
)
def test_files_of_imagenet_weights_load(name, file, pretrained_folder):
    path = pretrained_folder / f"{file}.imagenet.safetensors"
    coloured, loaded = load(NetworkSpec(name, 3, 64, 7), path)
    grey, _ = load(NetworkSpec(name, 1, 64, 7, head="mlp"), path)
    assert loaded.fresh == ("classifier.weight", "classifier.bias")
    assert_same_on_grey(coloured, grey, torch.randn(2, 1, 64, 64))


@pytest.mark.parametrize(
    "wrap",
    [
        lambda state: state,
        lambda state: {"state_dict": state, "epoch": 3},
        lambda state: {"model": {f"module.{k}": v for k, v in state.items()}},
        lambda state: {"state_dict": {}, "state_dict_ema": state},
        lambda state: {
            f"module.{k}": v for k, v in state.items() if "num_batches" not in k
        },
    ],
)
def test_what_training_programs_wrap_around_weights_is_taken_off(
    wrap, trained, tmp_path
):
    torch.save(wrap(trained.state_dict()), tmp_path / "a.pth")
    network, _ = load(GREY, tmp_path / "a.pth")
    assert_same_on_grey(trained, network, torch.randn(2, 1, 48, 48))


def test_a_checkpoint_of_ours_serves_another_run(trained, tmp_path):
    save_checkpoint(tmp_path / "best.ckpt", {"weights": trained.state_dict()})
    network, _ = load(GREY, tmp_path / "best.ckpt")
    assert_same_on_grey(trained, network, torch.randn(2, 1, 48, 48))


def test_behind_an_upscaler_the_backbone_gets_them(file):
    inputs = PreprocessSpec(size=48, channels=1, mean=(0.5,), std=(0.25,))
    spec = NetworkSpec("mobilenetv3_small_100", 1, 96, 7)
    network = assemble(spec, inputs, 1)
    load_pretrained(network, spec, str(file))
    alone, _ = load(spec, file)
    x = torch.randn(1, 1, 96, 96)
    torch.testing.assert_close(
        features_of(network.network, x), features_of(alone, x), atol=1e-5, rtol=1e-5
    )


def test_the_small_stem_stays_fresh(tmp_path):
    full = create_network(NetworkSpec("resnet18", 3, 48, 1000))
    save_file(full.state_dict(), tmp_path / "a.safetensors")
    network, loaded = load(
        NetworkSpec("resnet18_3x3", 1, 48, 7), tmp_path / "a.safetensors"
    )
    assert loaded.fresh == ("conv1.weight", "fc.weight", "fc.bias")
    assert torch.equal(network.layer4[1].conv2.weight, full.layer4[1].conv2.weight)


def test_auxiliary_classifiers_are_left_out(tmp_path):
    theirs = torchvision().models.GoogLeNet(1000, aux_logits=True, init_weights=False)
    torch.save(theirs.state_dict(), tmp_path / "googlenet.pth")
    network, _ = load(NetworkSpec("googlenet", 1, 64, 7), tmp_path / "googlenet.pth")
    theirs.fc = torch.nn.Identity()
    x = torch.randn(2, 1, 64, 64)
    with torch.no_grad():
        expected = theirs.eval()(x.expand(-1, 3, -1, -1))
        torch.testing.assert_close(
            features_of(network, x), expected, atol=1e-5, rtol=1e-4
        )


def test_positions_of_a_transformer_are_fitted_to_its_size(tmp_path):
    large = create_network(NetworkSpec("vit_tiny", 3, 224, 7))
    save_file(large.state_dict(), tmp_path / "a.safetensors")
    network, _ = load(NetworkSpec("vit_tiny", 1, 48, 7), tmp_path / "a.safetensors")
    assert network.pos_embed.shape == (1, 1 + 3 * 3, 192)
    assert torch.equal(network.pos_embed[:, 0], large.pos_embed[:, 0])


def test_the_hub_gives_origin_and_licence(file, trained, monkeypatch):
    asked = []

    def fetch(weights: Published):
        asked.append(weights.repository)
        return file

    monkeypatch.setattr(pretrained, "fetch", fetch)
    network, loaded = load(GREY, "hub")
    assert asked == ["timm/mobilenetv3_small_100.lamb_in1k"]
    assert (loaded.origin, loaded.licence) == (asked[0], "apache-2.0")
    assert_same_on_grey(trained, network, torch.randn(2, 1, 48, 48))


@pytest.mark.parametrize(
    ("loaded", "expected"),
    [
        (None, "MIT"),
        (Loaded("a", "mit", "0", ()), "MIT"),
        (Loaded("a", "cc-by-nc-4.0", "0", ()), "MIT AND cc-by-nc-4.0"),
        (Loaded("a", None, "0", ()), "MIT AND LicenseRef-of-the-pretrained-weights"),
    ],
)
def test_the_licence_of_what_is_trained_names_that_of_the_weights(loaded, expected):
    assert licence_with(loaded) == expected


def test_where_nobody_publishes_weights_it_says_so():
    spec = NetworkSpec("compact_resnet", 1, 48, 7)
    with pytest.raises(ModelError, match="nobody publishes weights of compact_resnet"):
        load(spec, "hub")


@pytest.mark.parametrize("name", ["resnet18", "convnext_atto", "vit_tiny"])
def test_weights_of_another_network_are_refused(name, file):
    message = rf"not weights of {name}: without [\w.]+, [\w.]+, [\w.]+ and \d+ more;"
    with pytest.raises(ModelError, match=message):
        load(NetworkSpec(name, 3, 48, 7), file)


def test_a_tensor_of_another_shape_is_named(trained, tmp_path):
    state = trained.state_dict()
    state["bn1.weight"] = torch.ones(17)
    save_file(state, tmp_path / "a.safetensors")
    with pytest.raises(ModelError, match=r"bn1\.weight \(17,\) instead of \(16,\)"):
        load(GREY, tmp_path / "a.safetensors")


class Evil:
    """Would write a file when it is unpickled."""

    def __reduce__(self):
        return exec, ("open('evil', 'w')",)


def test_a_file_cannot_run_code(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    torch.save({"state_dict": Evil()}, tmp_path / "a.pth")
    with pytest.raises(ModelError, match=r"a\.pth: holds no weights .* safely"):
        read_tensors(tmp_path / "a.pth")
    assert not (tmp_path / "evil").exists()


@pytest.mark.parametrize("name", ["a.pth", "a.safetensors"])
@pytest.mark.parametrize("content", [b"", b"<html>Not Found</html>\n", b"\x80\x02K*."])
def test_a_file_that_is_something_else_is_named(name, content, tmp_path):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ModelError, match=f"{name}: holds no weights"):
        read_tensors(tmp_path / name)


@pytest.mark.parametrize("content", [{"epoch": 3}, [torch.ones(1)], torch.ones(1)])
def test_a_file_without_named_tensors_is_named(content, tmp_path):
    torch.save(content, tmp_path / "a.pth")
    with pytest.raises(ModelError, match=r"no tensors in it|instead of named tensors"):
        read_tensors(tmp_path / "a.pth")


def test_a_missing_file_and_another_kind_of_file_say_what_to_do(tmp_path):
    with pytest.raises(ModelError, match=r"no such file; .* weights=\"hub\""):
        load(GREY, tmp_path / "a.pth")
    with pytest.raises(ModelError, match=r"\.safetensors, \.pth"):
        load(GREY, tmp_path)
    (tmp_path / "folder.pth").mkdir()
    with pytest.raises(ModelError, match=r"no such file"):
        load(GREY, tmp_path / "folder.pth")
