"""Layers that are computed in float32."""

import copy

import torch
from torch import nn

from mimika.models.catalogue import create_network
from mimika.models.spec import NetworkSpec
from mimika.training.precision import keep_in_float32


def made(name="mobilenetv2_100"):
    torch.manual_seed(0)
    return create_network(NetworkSpec(name, 3, 48, 7)).eval()


def test_strided_depthwise_layers_are_computed_in_float32_and_the_others_not():
    network, kinds = made(), {}
    assert keep_in_float32(network) == 4
    for name, part in network.named_modules():
        if isinstance(part, nn.Conv2d):
            part.register_forward_hook(
                lambda part, _inputs, out, name=name: kinds.update(
                    {name: (part.stride[0] > 1 < part.groups, out.dtype)}
                )
            )
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        network(torch.randn(2, 3, 48, 48))
    assert {dtype for is_kept, dtype in kinds.values() if is_kept} == {torch.float32}
    others = {dtype for is_kept, dtype in kinds.values() if not is_kept}
    assert others == {torch.bfloat16}


def test_answers_names_and_copies_stay_without_automatic_precision():
    network, x = made("tf_efficientnet_lite0"), torch.randn(2, 3, 48, 48)
    names = list(network.state_dict())
    with torch.no_grad():
        before = network(x)
        assert keep_in_float32(network) == 4
        assert keep_in_float32(network) == 0  # they are already
        twin = copy.deepcopy(network)
        assert torch.equal(network(x), before)
        network.conv_stem.weight.zero_()
        assert torch.equal(twin(x), before)
    assert list(network.state_dict()) == names
