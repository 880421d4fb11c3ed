"""Matrices of geometric changes, one a picture, in homogeneous coordinates.

Each takes places (x, y, 1) in the result to places in the original, because that is
what resampling needs; x and y are -1 and 1 at the outer edges of the picture. Changes
done one after the other are the product of their matrices in the same order.
"""

import math

import torch
from torch import Tensor


def affine_matrices(
    degrees: Tensor, scale: Tensor, shift: Tensor, shear: Tensor
) -> Tensor:
    """Scaling, then turning, shearing and shifting, about the centre.

    Args:
        degrees: float32 (B,), anticlockwise as seen.
        scale: float32 (B,), above 1 the picture grows.
        shift: float32 (B, 2), to the right and down, as a share of the side.
        shear: float32 (B, 2), degrees along x and along y.

    Returns:
        float32 (B, 3, 3).
    """
    angle = degrees * (math.pi / 180)
    cosine, sine = torch.cos(angle) / scale, torch.sin(angle) / scale
    slant = torch.tan(shear * (math.pi / 180))  # (B, 2)
    shrink = 1 / (1 - slant[:, 0] * slant[:, 1])
    # the inverse of the turn times the inverse of the shear
    xx = (cosine - sine * slant[:, 1]) * shrink
    xy = (cosine * slant[:, 0] - sine) * shrink
    yx = (sine + cosine * slant[:, 1]) * shrink
    yy = (sine * slant[:, 0] + cosine) * shrink
    right, down = 2 * shift[:, 0], 2 * shift[:, 1]
    upper = torch.stack([xx, xy, -(xx * right + xy * down)], dim=1)
    lower = torch.stack([yx, yy, -(yx * right + yy * down)], dim=1)
    return _with_last_row(upper, lower)


def crop_matrices(size: Tensor, corner: Tensor) -> Tensor:
    """A rectangle that becomes the whole picture.

    Args:
        size: float32 (B, 2), its width and height as a share of the side.
        corner: float32 (B, 2), its left and upper edge as a share of the side.

    Returns:
        float32 (B, 3, 3).
    """
    centre = 2 * corner + size - 1
    zero = torch.zeros_like(size[:, 0])
    upper = torch.stack([size[:, 0], zero, centre[:, 0]], dim=1)
    lower = torch.stack([zero, size[:, 1], centre[:, 1]], dim=1)
    return _with_last_row(upper, lower)


def perspective_matrices(jitter: Tensor) -> Tensor:
    """Another perspective, with the whole original still in the picture.

    The corners of a quadrangle in the original become a square; then the picture is
    zoomed until all of it is seen. The quadrangle by Heckbert, "Fundamentals of Texture
    Mapping and Image Warping" (1989), section 2.2.3.

    Args:
        jitter: float32 (B, 4, 2), how far each corner moves inwards, along x and y, as
            a share of the side, below 0.5; from the top left clockwise.

    Returns:
        float32 (B, 3, 3).
    """
    corners = jitter.new_tensor([[0, 0], [1, 0], [1, 1], [0, 1]])  # (4, 2)
    inwards = 1 - 2 * corners
    onto_quadrangle = _onto_quadrangle(corners + inwards * jitter)  # (B, 3, 3)
    # where the corners of the whole original come to lie
    back = torch.linalg.inv_ex(onto_quadrangle)[0]
    whole = torch.cat([corners, corners.new_ones(4, 1)], dim=1) @ back.mT  # (B, 4, 3)
    whole = whole[..., :2] / whole[..., 2:]
    low, high = whole.amin(dim=1), whole.amax(dim=1)  # (B, 2)
    zoom = _between(low, high)
    from_signed = jitter.new_tensor([[0.5, 0, 0.5], [0, 0.5, 0.5], [0, 0, 1]])
    to_signed = jitter.new_tensor([[2, 0, -1], [0, 2, -1], [0, 0, 1]])
    return to_signed @ onto_quadrangle @ zoom @ from_signed


def _between(low: Tensor, high: Tensor) -> Tensor:
    """From the unit square to the rectangle between two corners, both (B, 2)."""
    zero = torch.zeros_like(low[:, 0])
    span = high - low
    upper = torch.stack([span[:, 0], zero, low[:, 0]], dim=1)
    lower = torch.stack([zero, span[:, 1], low[:, 1]], dim=1)
    return _with_last_row(upper, lower)


def _onto_quadrangle(points: Tensor) -> Tensor:
    """From the unit square to a quadrangle (B, 4, 2), clockwise from its top left."""
    p0, p1, p2, p3 = points.unbind(dim=1)  # (B, 2) each
    d1, d2, total = p1 - p2, p3 - p2, p0 - p1 + p2 - p3
    determinant = _cross(d1, d2)
    g = (_cross(total, d2) / determinant)[:, None]
    h = (_cross(d1, total) / determinant)[:, None]
    left, middle = p1 - p0 + g * p1, p3 - p0 + h * p3
    upper = torch.stack([left[:, 0], middle[:, 0], p0[:, 0]], dim=1)
    lower = torch.stack([left[:, 1], middle[:, 1], p0[:, 1]], dim=1)
    last = torch.cat([g, h, torch.ones_like(g)], dim=1)
    return torch.stack([upper, lower, last], dim=1)


def _cross(a: Tensor, b: Tensor) -> Tensor:
    return a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]


def _with_last_row(upper: Tensor, lower: Tensor) -> Tensor:
    last = torch.zeros_like(upper)
    last[:, 2] = 1
    return torch.stack([upper, lower, last], dim=1)
