"""What tests share: where the data set lies, and a photograph without it."""

from importlib.util import find_spec
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder with FER2013 and the annotated photographs, or a skip."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"no data folder at {folder.name} beside the checkout")
    return folder


@pytest.fixture(scope="session")
def photograph() -> Path:
    """A JPEG, 512 x 600 pixels, with exactly one face at (174, 121, 182, 211).

    Matplotlib's sample of Grace Hopper, a US Navy photograph in the public domain.
    """
    matplotlib = find_spec("matplotlib")
    assert matplotlib is not None
    assert matplotlib.origin is not None
    samples = Path(matplotlib.origin).parent / "mpl-data" / "sample_data"
    return samples / "grace_hopper.jpg"
