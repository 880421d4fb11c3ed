"""Matrices of geometric changes, compared with places worked out by hand."""

import torch

from mimika.augmentation.geometry import (
    affine_matrices,
    crop_matrices,
    perspective_matrices,
)

CORNERS = torch.tensor([[-1.0, -1, 1], [1, -1, 1], [1, 1, 1], [-1, 1, 1]])


def affine(degrees=0.0, scale=1.0, shift=(0.0, 0.0), shear=(0.0, 0.0)):
    values = (torch.tensor([value]) for value in (degrees, scale, shift, shear))
    return affine_matrices(*values)[0]


def mapped(matrix, x, y):
    found = matrix @ torch.tensor([x, y, 1.0])
    return (found[:2] / found[2]).tolist()


def close(found, expected):
    return torch.allclose(torch.tensor(found), torch.tensor(expected), atol=1e-5)


def test_nothing_asked_is_nothing_changed():
    assert torch.equal(affine(), torch.eye(3))


def test_after_a_quarter_turn_anticlockwise_the_top_comes_from_the_right():
    assert close(mapped(affine(degrees=90.0), 0, -1), [1.0, 0.0])


def test_a_picture_at_double_scale_shows_its_inner_half():
    assert close(mapped(affine(scale=2.0), 1, 1), [0.5, 0.5])


def test_a_shift_to_the_right_brings_in_what_was_further_left():
    assert close(mapped(affine(shift=(0.25, 0.0)), 0, 0), [-0.5, 0.0])
    turned = affine(degrees=30.0, scale=1.3, shift=(0.25, -0.1))
    assert close(mapped(turned, 0.5, -0.2), [0.0, 0.0])


def test_a_crop_becomes_the_whole_picture():
    size, corner = torch.tensor([[0.5, 0.8]]), torch.tensor([[0.0, 0.2]])
    matrix = crop_matrices(size, corner)[0]
    assert close(mapped(matrix, -1, -1), [-1.0, -0.6])
    assert close(mapped(matrix, 1, 1), [0.0, 1.0])


def test_a_perspective_without_jitter_changes_nothing():
    matrix = perspective_matrices(torch.zeros(1, 4, 2))[0]
    assert torch.allclose(matrix / matrix[2, 2], torch.eye(3), atol=1e-6)


def test_a_perspective_shows_the_whole_original_and_no_more():
    jitter = torch.rand(50, 4, 2, generator=torch.Generator().manual_seed(1)) * 0.2
    forward = torch.linalg.inv(perspective_matrices(jitter))
    seen = CORNERS @ forward.mT
    seen = seen[..., :2] / seen[..., 2:]
    assert torch.allclose(seen.amin(dim=1), torch.tensor(-1.0), atol=1e-4)
    assert torch.allclose(seen.amax(dim=1), torch.tensor(1.0), atol=1e-4)


def test_a_perspective_makes_the_moved_corners_a_rectangle():
    jitter = torch.rand(50, 4, 2, generator=torch.Generator().manual_seed(2)) * 0.2
    inwards = torch.tensor([[1.0, 1], [-1, 1], [-1, -1], [1, -1]])
    quadrangle = CORNERS[:, :2] + 2 * jitter * inwards
    points = torch.cat([quadrangle, torch.ones(50, 4, 1)], dim=2)
    seen = points @ torch.linalg.inv(perspective_matrices(jitter)).mT
    x, y = (seen[..., :2] / seen[..., 2:]).unbind(dim=2)  # (50, 4) each
    assert torch.allclose(x[:, 0], x[:, 3], atol=1e-4)
    assert torch.allclose(x[:, 1], x[:, 2], atol=1e-4)
    assert torch.allclose(y[:, 0], y[:, 1], atol=1e-4)
    assert torch.allclose(y[:, 2], y[:, 3], atol=1e-4)
    assert bool((x[:, 1] > x[:, 0]).all())
    assert bool((y[:, 3] > y[:, 0]).all())
