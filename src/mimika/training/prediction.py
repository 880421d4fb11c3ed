"""What a network says about pictures, all processes together."""

import torch
from torch import nn

from mimika.core.preprocess import FloatArray
from mimika.training.devices import gathered, share_of
from mimika.training.features import PlainFeatures
from mimika.training.feeding import PlainFeeder
from mimika.training.run import Run

BATCH = 256


@torch.no_grad()
def predict(
    run: Run, network: nn.Module, plain: PlainFeeder | PlainFeatures
) -> FloatArray:
    """Probabilities by a plain network in float32, as it will be exported.

    Args:
        run: gives the processes, each of which predicts a share.
        network: gives logits (B, K); is set to evaluation mode.
        plain: its inputs.

    Returns:
        float32 (N, K), the same in each process.
    """
    network.eval()
    count, share = len(plain), share_of(len(plain), run.fabric)
    starts = range(share.start, count, BATCH * share.step)
    ends = (min(start + BATCH * share.step, count) for start in starts)
    logits = [
        network(plain(slice(start, end, share.step)))
        for start, end in zip(starts, ends, strict=True)
    ]
    everything = gathered(torch.cat(logits).float(), count, run.fabric)
    probabilities: FloatArray = everything.softmax(dim=1).cpu().numpy()
    return probabilities
