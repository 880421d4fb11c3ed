"""The network that an experiment begins with."""

import logging

from torch import nn

from mimika.core.preprocess import PreprocessSpec
from mimika.models.catalogue import NetworkSpec, assemble
from mimika.models.checkpoint import load_checkpoint, load_weights
from mimika.models.pretrained import Loaded, load_pretrained
from mimika.models.super_resolution import Upscaled
from mimika.training.config import Experiment

logger = logging.getLogger(__name__)


def network_spec(experiment: Experiment, classes: int) -> NetworkSpec:
    """What the experiment's backbone looks like."""
    return NetworkSpec(
        backbone=experiment.backbone,
        channels=experiment.channels,
        size=experiment.size,
        classes=classes,
        dropout=experiment.dropout,
        drop_path=experiment.drop_path,
        head=experiment.head,
    )


def fresh_network(
    experiment: Experiment, spec: PreprocessSpec, classes: int
) -> tuple[nn.Module, Loaded | None]:
    """A network before its first step, with pretrained weights where asked for.

    A learned upscaler stands in front where there is to be one.

    Returns:
        The network, and which weights it was given; None where all are drawn.

    Raises:
        ConfigError: no network has the experiment's name.
        ModelError: a file of weights is not there or does not fit.
    """
    wanted = network_spec(experiment, classes)
    network = assemble(wanted, spec, experiment.doublings)
    if isinstance(network, Upscaled) and experiment.upscaler_file is not None:
        state = load_checkpoint(experiment.upscaler_file)
        load_weights(network.upscaler, state, experiment.upscaler_file)
    if not experiment.weights:
        return network, None
    loaded = load_pretrained(network, wanted, experiment.weights)
    logger.info(
        "pretrained weights: %s, %d tensors left to learn afresh",
        loaded.origin,
        len(loaded.fresh),
    )
    return network, loaded
