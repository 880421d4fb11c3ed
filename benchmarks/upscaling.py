"""How sharp pictures are after enlarging 48 to 96 pixels, by the way of enlarging.

    python benchmarks/upscaling.py DATA UPSCALER.ckpt

DATA is FER2013 in any form, UPSCALER.ckpt what `mimika upscaler` wrote. Sharpness is
the mean over 2,000 PublicTest pictures of the standard deviation of the Laplacian
(Pech-Pacheco et al., "Diatom autofocusing in brightfield microscopy", 2000), also as a
ratio to the bilinear way. It says nothing about truth: nearest is sharp because it is
blocky.
"""

import sys
import time
from pathlib import Path

import numpy as np
import torch

from mimika.analysis.sharpness import sharpness_of
from mimika.core.preprocess import ENLARGING
from mimika.data.reading import read_dataset
from mimika.data.samples import PUBLIC_TEST
from mimika.models.checkpoint import load_checkpoint, load_weights
from mimika.models.super_resolution import SubPixelUpscaler
from mimika.training.upscaler import as_tensor, enlarged

PICTURES = 2000


def sharpness(images: np.ndarray) -> float:
    """Mean sharpness of uint8 pictures (N, H, W)."""
    return float(np.mean([sharpness_of(image) for image in images]))


def main(data: Path, checkpoint: Path) -> None:
    """Prints a row for each way of enlarging."""
    torch.set_num_threads(1)
    images = read_dataset(data).split(PUBLIC_TEST).images[:PICTURES]
    network = SubPixelUpscaler().eval()
    load_weights(network, load_checkpoint(checkpoint), checkpoint)
    rows = {}
    for name, flag in ENLARGING.items():
        started = time.perf_counter()
        answers = enlarged(images, 96, flag)
        rows[name] = (sharpness(answers), time.perf_counter() - started)
    started = time.perf_counter()
    with torch.no_grad():
        parts = [network(part) for part in torch.split(as_tensor(images), 128)]
    learned = (torch.cat(parts)[:, 0].clamp(0, 1) * 255).round().byte().numpy()
    rows["learned"] = (sharpness(learned), time.perf_counter() - started)
    base = rows["bilinear"][0]
    print(f"{'way':10} sharpness  to bilinear  ms a picture (one thread)")
    for name, (value, seconds) in rows.items():
        each = 1000 * seconds / len(images)
        print(f"{name:10} {value:9.2f}  {value / base:11.2f}  {each:.3f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
