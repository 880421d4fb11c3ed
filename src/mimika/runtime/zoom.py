"""A second, enlarged look at the parts of a picture where faces may be too small.

A face has to be some ten pixels wide in the network's input to be found reliably, and
a whole picture at that scale may cost seconds. But a face that is too small usually
leaves a weak trace: only tiles with such a trace are looked at again at twice the
scale, and where the traces there are still tiny, once more.
"""

import numpy as np
from numpy.typing import NDArray

from mimika.core.preprocess import UInt8Array
from mimika.runtime.yunet import Area, Candidates, YuNet

HINT = 0.2  # score of a trace
TRACE_WIDTHS = (24, 16)  # traces under this width ask for the first, the second zoom
SURE = 0.85  # what is found with this score asks for no further look
ACCEPTED = 0.70
WIDEST = 64  # pixels of the network's input; larger faces were seen before
CORE, MARGIN = 288, 48  # a tile, and what is seen around it, in enlarged pixels
MOST_ENLARGED = 2.0  # of the picture's own pixels, unless the first pass enlarged it


def zoom(
    network: YuNet, pixels: UInt8Array, first: Candidates, scale: float
) -> list[Candidates]:
    """Looks again where traces of small faces are.

    Args:
        network: looks.
        pixels: uint8 (H, W, 3), RGB, 0..255.
        first: what the first pass saw, with all candidates from `HINT` on.
        scale: of the first pass, in pixels of the network's input for one of `pixels`.

    Returns:
        The faces found, tile by tile.
    """
    most = max(MOST_ENLARGED, 2 * scale)
    found: list[Candidates] = []
    seen = [first]
    for width in TRACE_WIDTHS:
        scale *= 2
        traces = Candidates.joined(seen)
        unsure = (traces.widths < width) & (traces.scores >= HINT)
        tiles = tiles_with(traces.where(unsure & (traces.scores < SURE)), pixels, scale)
        if scale > most or not tiles:
            break
        seen = [network.look(pixels, scale, HINT, tile) for tile in tiles]
        found += [look.where(_accepted(look)) for look in seen]
    return found


def tiles_with(traces: Candidates, pixels: UInt8Array, scale: float) -> list[Area]:
    """The tiles in which the middle of a trace lies, each once, with their margins."""
    middles = traces.boxes[:, :2] + traces.boxes[:, 2:] / 2
    cells = np.unique((middles * scale // CORE).astype(int), axis=0)
    height, width = pixels.shape[:2]
    low = ((cells * CORE - MARGIN) / scale).astype(int).clip(min=0)
    high = (
        ((cells * CORE + CORE + MARGIN) / scale).astype(int).clip(max=(width, height))
    )
    inside = (high > low).all(axis=1)
    pairs = zip(low[inside].tolist(), high[inside].tolist(), strict=True)
    return [Area(*start, *end) for start, end in pairs]


def _accepted(look: Candidates) -> NDArray[np.bool_]:
    return (look.scores >= ACCEPTED) & (look.widths < WIDEST)
