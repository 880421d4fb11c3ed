"""A small data set as files, and a way to call a command."""

import csv

import numpy as np
import pytest
from click.testing import CliRunner

from mimika.cli.main import cli


@pytest.fixture
def call():
    """Calls the command line in this process; errors of ours come out as raised."""
    return lambda *argv: CliRunner().invoke(cli, [str(part) for part in argv])


@pytest.fixture(scope="session")
def fer_csv(tmp_path_factory):
    """A `fer2013.csv` of drawn pictures: 84 Training and 28 PublicTest rows."""
    rng = np.random.default_rng(3)
    path = tmp_path_factory.mktemp("data") / "fer2013.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["emotion", "pixels", "Usage"])
        for row in range(112):
            image = rng.integers(0, 100, (48, 48))
            label = row % 7
            image[:, label * 6 : label * 6 + 8] += 120
            usage = "Training" if row < 84 else "PublicTest"
            writer.writerow([label, " ".join(map(str, image.ravel())), usage])
    return path
