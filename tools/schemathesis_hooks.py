r"""Teaches schemathesis what a picture is, and a face: others are rightly refused.

SCHEMATHESIS_HOOKS=tools/schemathesis_hooks.py \
        schemathesis run http://127.0.0.1:8100/openapi.json
"""

import io
import json

import schemathesis
from hypothesis import strategies as st
from PIL import Image

from mimika.core.results import Landmarks
from mimika.core.tasks import EMOTION

KINDS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WEBP",
    "image/bmp": "BMP",
}
SIDES = st.integers(1, 80)
POINTS = st.lists(st.integers(-1000, 1000), min_size=2, max_size=2)


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

# A schema cannot say that a box lies inside the picture; this one does in all of them.
FACES = st.builds(
    lambda label, tilt, landmarks: json.dumps(
        {
            "box": [0, 0, 1, 1],
            "label": label,
            "tilt_degrees": tilt,
            "landmarks": landmarks,
        }
    ).encode(),
    st.sampled_from(EMOTION.keys),
    st.integers(-179, 180),
    st.none() | st.fixed_dictionaries(dict.fromkeys(Landmarks.model_fields, POINTS)),
)
schemathesis.openapi.media_type("application/json", FACES)


@schemathesis.hook
def before_add_examples(
    _context: schemathesis.HookContext, examples: list[schemathesis.Case]
) -> None:
    """Leaves out the document's example of a face, whose picture is not at hand."""
    examples[:] = [example for example in examples if example.path != "/v1/explain"]
