"""The learned enlargement, alone and before a network."""

import pytest
import torch
from torch import nn
from torch.nn.functional import interpolate

from mimika.core.preprocess import PreprocessSpec
from mimika.models.catalogue import NetworkSpec, assemble
from mimika.models.super_resolution import SubPixelUpscaler, Upscaled


def test_it_doubles_height_and_width():
    assert SubPixelUpscaler()(torch.rand(3, 1, 20, 24)).shape == (3, 1, 40, 48)


def test_fresh_it_is_the_bilinear_enlargement():
    images = torch.rand(2, 1, 12, 12)
    plain = interpolate(images, scale_factor=2, mode="bilinear", align_corners=False)
    assert torch.equal(SubPixelUpscaler()(images), plain)


@pytest.mark.parametrize("channels", [1, 3])
def test_the_network_behind_it_sees_larger_pictures_normalised_as_before(channels):
    spec = PreprocessSpec(
        size=48, channels=channels, mean=(0.4,) * channels, std=(0.2,) * channels
    )
    behind = Upscaled(SubPixelUpscaler(), nn.Identity(), spec, times=2)
    inputs = (torch.rand(2, channels, 48, 48) - 0.4) / 0.2
    found = behind(inputs)
    plain = interpolate(inputs, scale_factor=2, mode="bilinear", align_corners=False)
    plain = interpolate(plain, scale_factor=2, mode="bilinear", align_corners=False)
    assert found.shape == (2, channels, 192, 192)
    assert torch.allclose(found, plain, atol=1e-4)


def test_without_doublings_the_network_stands_alone():
    spec = PreprocessSpec(size=48, channels=1, mean=(0.5,), std=(0.2,))
    plain, larger = (NetworkSpec("compact_resnet", 1, size, 7) for size in (48, 96))
    assert not isinstance(assemble(plain, spec, 0), Upscaled)
    assert isinstance(assemble(larger, spec, 1), Upscaled)
