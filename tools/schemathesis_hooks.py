r"""Teaches schemathesis what a picture is: any other bytes are rightly refused.

SCHEMATHESIS_HOOKS=tools/schemathesis_hooks.py \
        schemathesis run http://127.0.0.1:8100/openapi.json
"""

import io

import schemathesis
from hypothesis import strategies as st
from PIL import Image

KINDS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WEBP",
    "image/bmp": "BMP",
}
SIDES = st.integers(1, 80)


def written(kind: str, width: int, height: int, mode: str, colour: int) -> bytes:
    """A file of one colour."""
    buffer = io.BytesIO()
    Image.new(mode, (width, height), colour).save(buffer, kind)
    return buffer.getvalue()


for name, kind in KINDS.items():
    schemathesis.openapi.media_type(
        name,
        st.builds(
            written,
            st.just(kind),
            SIDES,
            SIDES,
            st.sampled_from(["L", "RGB"]),
            st.integers(0, 255),
        ),
    )
