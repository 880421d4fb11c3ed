"""One step of training: forward, backward, weights, average."""

from torch import Tensor

from mimika.training.losses import Loss
from mimika.training.optimization import climbed, set_rate, still_statistics
from mimika.training.run import Run


def train_step(
    run: Run, loss: Loss, inputs: Tensor, targets: list[Tensor], rate: float
) -> tuple[Tensor, Tensor]:
    """Changes the weights once.

    Args:
        run: the run.
        loss: of the epoch.
        inputs: of this process's part of a batch.
        targets: float32 (B, K): own, and taught if there are teachers.
        rate: learning rate.

    Returns:
        The loss before the step, a scalar, and the logits (B, K), without gradients.
    """
    experiment, trained = run.experiment, run.trained
    set_rate(run.optimizer, rate)
    run.optimizer.zero_grad()
    logits = run.model(inputs)
    value = loss(logits, *targets)
    run.fabric.backward(value)
    if experiment.sam:
        parameters = list(trained.parameters())
        with climbed(parameters, experiment.sam), still_statistics(trained):
            run.optimizer.zero_grad()
            run.fabric.backward(loss(run.model(inputs), *targets))
    if experiment.clip_norm:
        run.fabric.clip_gradients(
            run.model,
            run.optimizer,
            max_norm=experiment.clip_norm,
            error_if_nonfinite=False,  # the meter says it, or the scaler skips the step
        )
    run.optimizer.step()
    if run.average is not None:
        run.average.update_parameters(trained)
    return value.detach(), logits.detach()
