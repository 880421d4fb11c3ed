"""What a run is fed with: inputs and targets, pictures or features."""

import os
from dataclasses import dataclass

from mimika.core.home import home_folder
from mimika.core.tasks import Task
from mimika.training.features import FeatureFeeder, PlainFeatures, extract
from mimika.training.feeding import Feeder, PlainFeeder, make_feeder
from mimika.training.loaders import Material
from mimika.training.run import Run
from mimika.training.targets import Targets, make_targets


@dataclass(frozen=True)
class Feed:
    """What a run is fed with.

    Attributes:
        training: makes the inputs of a batch.
        targets: of the training pictures.
        selection: the inputs that the run is judged on.
    """

    training: Feeder
    targets: Targets
    selection: PlainFeeder | PlainFeatures


def make_feed(run: Run, data: Material, task: Task) -> Feed:
    """Pictures, or with feature extraction what the backbone makes of them."""
    experiment, device = run.experiment, run.fabric.device
    targets = make_targets(data.division.training, task.keys, experiment)
    if experiment.strategy != "features":
        feeder = make_feeder(data, experiment, device)
        return Feed(feeder, targets, pictures_of(run, data))
    features = extract(
        run.network,
        data,
        mirrored=experiment.mirrors_features,
        home=home_folder(os.environ),
        device=device,
    )
    return Feed(
        FeatureFeeder(features.training, device),
        targets,
        PlainFeatures(features.selection, device),
    )


def pictures_of(run: Run, data: Material) -> PlainFeeder:
    """The selection set as the whole network sees it."""
    return PlainFeeder(data.selection, data.spec, run.fabric.device)
