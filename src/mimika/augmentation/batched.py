"""Changes of a whole batch at once: pure functions, on any device.

Each picture has its own numbers, which come in as tensors. Nothing is drawn here. The
functions take any range of values: 0..1, 0..255 or normalised.
"""

import torch
from torch import Tensor
from torch.nn.functional import affine_grid, conv2d, grid_sample, pad

KERNEL_DEVIATIONS = 3.5  # half width of a blur in deviations, as Pillow has it


def affine_batch(images: Tensor, matrices: Tensor, fill: float = 0.0) -> Tensor:
    """Shifts, turns, scales and shears, with one bilinear resampling.

    Args:
        images: float32 (B, C, H, W).
        matrices: float32 (B, 2, 3), from places (x, y, 1) in the result to places in
            the original; x and y are -1 and 1 at the outer edges of the picture.
        fill: value of what comes in from outside.

    Returns:
        float32 (B, C, H, W).
    """
    grid = affine_grid(matrices, list(images.shape), align_corners=False)
    return _sample(images, grid, fill)


def perspective_batch(images: Tensor, matrices: Tensor, fill: float = 0.0) -> Tensor:
    """Changes the perspective, with one bilinear resampling.

    Args:
        images: float32 (B, C, H, W).
        matrices: float32 (B, 3, 3), as in `affine_batch`, of homogeneous places.
        fill: value of what comes in from outside.

    Returns:
        float32 (B, C, H, W).
    """
    height, width = images.shape[-2:]
    x = (2 * torch.arange(width, device=images.device) + 1) / width - 1  # (W,)
    y = (2 * torch.arange(height, device=images.device) + 1) / height - 1  # (H,)
    columns, rows = x.expand(height, width), y[:, None].expand(height, width)
    places = torch.stack([columns, rows, torch.ones_like(rows)], dim=2)  # (H, W, 3)
    mapped = torch.einsum("bij,hwj->bhwi", matrices, places)  # (B, H, W, 3)
    return _sample(images, mapped[..., :2] / mapped[..., 2:], fill)


def tone_batch(images: Tensor, gain: Tensor, offset: Tensor) -> Tensor:
    """Multiplies each picture by a gain and adds an offset.

    Args:
        images: float32 (B, C, H, W).
        gain: float32 (B,).
        offset: float32 (B,), in the pictures' values.

    Returns:
        float32 (B, C, H, W), not limited to any range.
    """
    return images * _each(gain) + _each(offset)


def gamma_batch(images: Tensor, gamma: Tensor) -> Tensor:
    """Raises the values of each picture to a power.

    Args:
        images: float32 (B, C, H, W), 0..1.
        gamma: float32 (B,), positive.

    Returns:
        float32 (B, C, H, W), 0..1.
    """
    return images ** _each(gamma)


def blur_batch(images: Tensor, sigma: Tensor, largest: float) -> Tensor:
    """Blurs each picture by its own Gaussian; the border is mirrored.

    Args:
        images: float32 (B, C, H, W), sides longer than the kernel's half.
        sigma: float32 (B,), deviation in pixels; below 0.29 nothing changes.
        largest: no sigma is above it.

    Returns:
        float32 (B, C, H, W).
    """
    half = int(largest * KERNEL_DEVIATIONS)
    places = torch.arange(-half, half + 1, device=images.device)  # (T,)
    reach = torch.floor(sigma * KERNEL_DEVIATIONS)[:, None]
    weights = torch.exp(-0.5 * (places / sigma[:, None]) ** 2)
    weights = weights * (places.abs() <= reach)
    kernels = weights / weights.sum(dim=1, keepdim=True)  # (B, T)
    count, channels, height, width = images.shape
    kernels = kernels.repeat_interleave(channels, dim=0)[:, None]  # (B * C, 1, T)
    # a group for each picture and channel: one call blurs all by their own kernels
    flat = images.reshape(1, count * channels, height, width)
    flat = pad(flat, (half, half, half, half), mode="reflect")
    flat = conv2d(flat, kernels[:, :, None], groups=count * channels)
    flat = conv2d(flat, kernels[..., None], groups=count * channels)
    return flat.reshape(images.shape)


def erase_batch(
    images: Tensor, centre: Tensor, share: Tensor, chosen: Tensor, fill: float = 0.0
) -> Tensor:
    """Erases a rectangle in each chosen picture.

    Args:
        images: float32 (B, C, H, W).
        centre: float32 (B, 2), row and column of the rectangle's centre as a share of
            height and width.
        share: float32 (B, 2), its height and width as a share.
        chosen: bool (B,), which pictures it is erased in.
        fill: value of what is erased.

    Returns:
        float32 (B, C, H, W).
    """
    height, width = images.shape[-2:]
    rows = (torch.arange(height, device=images.device) + 0.5) / height  # (H,)
    columns = (torch.arange(width, device=images.device) + 0.5) / width  # (W,)
    in_rows = (rows - centre[:, :1]).abs() < share[:, :1] / 2  # (B, H)
    in_columns = (columns - centre[:, 1:]).abs() < share[:, 1:] / 2  # (B, W)
    erased = in_rows[:, :, None] & in_columns[:, None, :] & chosen[:, None, None]
    return images.masked_fill(erased[:, None], fill)


def _sample(images: Tensor, grid: Tensor, fill: float) -> Tensor:
    # outside of the picture grid_sample gives zeros
    moved = grid_sample(images - fill, grid, mode="bilinear", align_corners=False)
    return moved + fill


def _each(values: Tensor) -> Tensor:
    """(B, 1, 1, 1) from (B,)."""
    return values[:, None, None, None]
