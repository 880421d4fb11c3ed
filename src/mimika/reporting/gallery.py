"""Galleries of a report: pictures as data URIs, alone or in groups."""

import base64
from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np

from mimika.core.preprocess import UInt8Array

JPEG_QUALITY = 82
LOSSLESS_SIDE = (
    64  # pictures up to this side stay exact: they are data, not photographs
)


@dataclass(frozen=True)
class Tile:
    """A picture with a caption.

    Attributes:
        source: data URI.
        title: first line under it; empty for none.
        detail: smaller second line; empty for none.
        colour: `#rrggbb` of a dot before the title; None for no dot.
        hint: shown when the mouse rests on it, such as the path of its file.
    """

    source: str
    title: str = ""
    detail: str = ""
    colour: str | None = None
    hint: str = ""


@dataclass(frozen=True)
class Group:
    """Tiles that belong together under a heading; empty for no heading."""

    tiles: tuple[Tile, ...]
    title: str = ""
    note: str = ""


@dataclass(frozen=True)
class Gallery:
    """Groups of tiles.

    Attributes:
        groups: from the first to the last.
        caption: what is shown, under it.
        packed: set small groups beside each other, each in a frame.
        tile_px: width of a tile in CSS pixels.
    """

    kind: ClassVar[str] = "gallery"
    groups: tuple[Group, ...]
    caption: str = ""
    packed: bool = False
    tile_px: int = 84


def data_uri(pixels: UInt8Array) -> str:
    """A picture as text for `src`: small ones as PNG, others as JPEG.

    Args:
        pixels: uint8 (H, W) grey or (H, W, 3) RGB, 0..255.

    Raises:
        ValueError: OpenCV cannot encode it.
    """
    is_small = max(pixels.shape[:2]) <= LOSSLESS_SIDE
    kind = "png" if is_small else "jpeg"
    options = [] if is_small else [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY]
    if pixels.ndim == 3:
        pixels = np.ascontiguousarray(pixels[:, :, ::-1])  # OpenCV writes BGR
    done, data = cv2.imencode(f".{kind}", pixels, options)
    if not done:
        raise ValueError(f"cannot encode a picture of shape {pixels.shape}")
    return embed(data.tobytes(), kind)


def embed(data: bytes, kind: str) -> str:
    """Bytes of a picture of this kind (`png`, `jpeg`) as a data URI."""
    return f"data:image/{kind};base64,{base64.b64encode(data).decode('ascii')}"
