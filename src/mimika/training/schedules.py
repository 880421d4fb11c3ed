"""The learning rate as a pure function of the step.

Linear warm-up, then a cosine to zero: Loshchilov and Hutter, "SGDR: Stochastic
Gradient Descent with Warm Restarts" (2017), equation 5 without restarts; warm-up after
Goyal et al., "Accurate, Large Minibatch SGD" (2017), section 2.2.
"""

import math


def cosine_with_warmup(step: int, steps: int, warmup_steps: int, peak: float) -> float:
    """Learning rate of a step.

    Args:
        step: 0 for the first step of the run.
        steps: all steps of the run.
        warmup_steps: steps of linear rise at the beginning.
        peak: learning rate at the end of the rise.

    Returns:
        A rate in (0, peak]; the last step's is close to 0.
    """
    if step < warmup_steps:
        return peak * (step + 1) / (warmup_steps + 1)
    done = (step - warmup_steps) / max(1, steps - warmup_steps)
    return peak * 0.5 * (1 + math.cos(math.pi * min(1.0, done)))
