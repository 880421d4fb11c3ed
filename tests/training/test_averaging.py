"""Averaged weights, against the recursion written out in numpy."""

import copy

import numpy as np
import pytest
import torch
from torch import nn

from mimika.training.averaging import averaged


def network():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 2))


def change(model, step):
    """A step that moves weights and the statistics of normalisation."""
    generator = torch.Generator().manual_seed(step)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn(parameter.shape, generator=generator))
    model.train()(torch.randn(8, 3, generator=generator))


def as_numpy(model):
    return {k: v.numpy().astype(np.float64) for k, v in model.state_dict().items()}


def decay_of(done, decay):
    """How much of the average the step after so many keeps."""
    return min(decay, (1 + done) / (10 + done))


@pytest.mark.parametrize("decay", [0.25, 0.9, 0.9999])
def test_it_is_the_recursion_with_a_lower_decay_while_it_is_young(decay):
    model = network()
    average = averaged(model, decay)
    for done in range(40):
        change(model, done)
        average.update_parameters(model)
        current = as_numpy(model)
        if done == 0:
            expected = current  # the first weights are forgotten
            continue
        kept = decay_of(done, decay)
        expected = {
            name: value
            if name.endswith("num_batches_tracked")
            else kept * expected[name] + (1 - kept) * value
            for name, value in current.items()
        }
    found = as_numpy(average.module)
    for name, value in expected.items():
        np.testing.assert_allclose(found[name], value, rtol=1e-5, atol=1e-5)
    assert found["1.num_batches_tracked"] == 40
    assert not np.allclose(found["1.running_mean"], as_numpy(model)["1.running_mean"])


def test_it_begins_with_the_networks_weights_and_needs_no_gradients():
    model = network()
    average = averaged(model, 0.9)
    for name, value in model.state_dict().items():
        assert torch.equal(average.module.state_dict()[name], value)
    assert not any(p.requires_grad for p in average.parameters())
    assert all(p.requires_grad for p in model.parameters())


def test_the_network_itself_is_left_alone():
    model = network()
    average = averaged(model, 0.9)
    for step in range(3):
        change(model, step)
        before = copy.deepcopy(model.state_dict())
        average.update_parameters(model)
        for name, value in model.state_dict().items():
            assert torch.equal(value, before[name])
    assert not torch.equal(average.module[0].weight, model[0].weight)


def test_an_average_that_stands_still_is_reached():
    model = network()
    average = averaged(model, 0.5)
    for _ in range(40):
        average.update_parameters(model)
    assert torch.allclose(average.module[0].weight, model[0].weight, atol=1e-6)


def test_one_that_was_kept_in_a_file_goes_on_as_if_it_had_not(tmp_path):
    model = network()
    whole, parted = averaged(model, 0.9), averaged(model, 0.9)
    for step in range(6):
        change(model, step)
        whole.update_parameters(model)
        parted.update_parameters(model)
        if step == 2:
            torch.save(parted.state_dict(), tmp_path / "average.pt")
            parted = averaged(network(), 0.9)
            parted.load_state_dict(torch.load(tmp_path / "average.pt"))
    for name, value in whole.state_dict().items():
        assert torch.equal(parted.state_dict()[name], value)
