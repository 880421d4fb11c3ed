"""How large a picture is decoded, which depends on the model that it is for."""

from dataclasses import replace

from mimika.core.card import ModelCard
from mimika.core.errors import ImageTooLargeError
from mimika.core.images import Limits, Picture, PictureSource, read_picture
from mimika.runtime.faces import FINE

# A large picture may be decoded smaller, but not under four thirds of the size at which
# faces are looked for, so that there is something for a second look to enlarge. That
# takes a quarter of 50 megapixels, which keeps a worker small.
REDUCE_TO = FINE.most * 4 // 3


def read_for(card: ModelCard, source: PictureSource, limits: Limits) -> Picture:
    """A picture, decoded smaller where that changes nothing for a model.

    A model that keeps the scale has to have each pixel. What cannot be decoded smaller
    is held to the limit of the formats that never can, for the memory.

    Args:
        card: of the model.
        source: a path, the bytes of a picture file, a PIL image, or uint8 (H, W) grey
            or (H, W, 3) RGB pixels, 0..255.
        limits: what is accepted before decoding.

    Raises:
        FileNotFoundError: the path does not exist.
        ImageError: the picture cannot be used.
    """
    if card.preprocess.fit != "keep-scale":
        return read_picture(source, limits, REDUCE_TO)
    most = min(limits.max_jpeg_pixels, limits.max_pixels)
    try:
        return read_picture(source, replace(limits, max_jpeg_pixels=most))
    except ImageTooLargeError as error:
        raise ImageTooLargeError(
            "this model judges how large things are, so cut the picture instead of "
            f"making it smaller: {error}"
        ) from error
