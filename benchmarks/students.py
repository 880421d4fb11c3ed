"""What networks cost once they are exported: milliseconds a face, megabytes.

    python benchmarks/students.py [NAME ...] [--size N] [--rounds N]

Fresh weights, exported as `mimika export` does it, one thread, one face at a time. The
input is a face crop of 120 x 120 RGB pixels, so the figures include preprocessing.
Without names a family of plain networks (`rep_CHANNELSxLAYERS_...`) is measured; the
shipped model is of another one, `res_32_64x1_128x2_256x1`. The last column counts in
yardsticks: see `timing.yardstick`.
"""

import argparse
import tempfile
from functools import partial
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch
from timing import timed, yardstick

from mimika.core.card import ModelCard
from mimika.core.preprocess import PreprocessSpec
from mimika.core.tasks import EMOTION
from mimika.export.onnx import write_onnx
from mimika.models.backbones import folded
from mimika.models.catalogue import create_network
from mimika.models.costs import count_multiply_adds, count_parameters
from mimika.models.spec import NetworkSpec
from mimika.runtime.classifier import OnnxClassifier

FAMILY = (
    "compact_resnet",
    "rep_32x1_64x2_128x4_256x2",
    "rep_32x1_64x2_128x3_256x2",
    "rep_32x1_64x3_128x4_256x1",
    "rep_24x1_64x2_128x4_256x2",
    "rep_16x1_48x2_128x5_256x2",
    "rep_16x1_64x2_128x5_256x1",
    "rep_32x2_48x2_96x4_192x3",
    "rep_16x1_48x3_96x6_192x3",
)


def main() -> None:
    """Prints a line for each network."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=FAMILY)
    parser.add_argument("--size", type=int, default=48)
    parser.add_argument("--rounds", type=int, default=300)
    arguments = parser.parse_args()
    unit = yardstick(arguments.rounds)
    print(f"{'':32} {'params':>8} {'madds':>8} {'MB':>6} {'p50 ms':>7} {'ratio':>7}")
    for name in arguments.names:
        network = folded(create_network(NetworkSpec(name, 1, arguments.size, 7)))
        card = make_card(name, network, arguments.size)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "model.onnx"
            write_onnx(network, card, path)
            classifier = OnnxClassifier(path)
            megabytes = path.stat().st_size / 1e6
        crop = np.random.default_rng(0).integers(0, 256, (1, 120, 120, 3), np.uint8)
        timing = timed(partial(classifier.predict, crop), arguments.rounds)
        print(
            f"{name:32} {card.parameters / 1e6:6.2f} M "
            f"{card.multiply_adds / 1e6:6.1f} M "
            f"{megabytes:6.2f} {timing.p50:7.2f} {timing.p50 / unit.p50:7.2f}"
        )


def make_card(name: str, network: torch.nn.Module, size: int) -> ModelCard:
    """The card of a network that has learned nothing."""
    spec = PreprocessSpec(size=size, channels=1, mean=(0.5,), std=(0.25,))
    return ModelCard(
        name=name,
        task="emotion",
        labels=EMOTION.keys,
        preprocess=spec,
        architecture=name,
        parameters=count_parameters(network),
        multiply_adds=count_multiply_adds(network, spec),
        training_data="none",
        selection="none",
        recipe="benchmarks/students.py",
        seed=0,
        intended_use="timing",
        limits="knows nothing",
        licence="MIT",
        digest="none",
        created="2026-01-01",
        mimika_version=version("mimika"),
    )


if __name__ == "__main__":
    main()
