"""A photograph that everybody has who has mimika's `live` or `train` extra."""

from importlib.util import find_spec
from pathlib import Path


def hopper() -> Path:
    """Matplotlib's sample: Grace Hopper, a US Navy photograph, public domain."""
    found = find_spec("matplotlib")
    if found is None or found.origin is None:
        raise SystemExit(
            "no matplotlib, which has the photograph: make test installs it"
        )
    return Path(found.origin).parent / "mpl-data" / "sample_data" / "grace_hopper.jpg"
