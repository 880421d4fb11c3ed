"""The steps of `mimika learn`, from the pictures to the model that is taken."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from torch import nn

from mimika.analysis.pictures import Pictures
from mimika.analysis.run import Findings, Steps
from mimika.core.card import Metric, ModelCard
from mimika.core.errors import ModelError
from mimika.core.images import read_picture
from mimika.core.preprocess import FloatArray
from mimika.evaluation.intervals import Interval
from mimika.learning.certainty import exact_interval
from mimika.learning.folds import Fold, fold_count, plan_folds
from mimika.learning.growth import Point, learning_curve
from mimika.learning.looks import has_stage, look
from mimika.learning.photographs import Material, Photographs, gather, name_of
from mimika.learning.scores import Paired, Score, choose, pair, right_of, score
from mimika.learning.search import Ledger, key_of_search
from mimika.learning.settings import Settings
from mimika.learning.starters import Starter, find_starters, start
from mimika.learning.strategies import (
    FeatureStrategy,
    Strategy,
    TuningStrategy,
    feature_strategy,
    scratch_strategy,
)
from mimika.learning.winner import Recipe, make_card
from mimika.models.classifier import TorchClassifier

logger = logging.getLogger(__name__)

FEATURES, TUNING, SCRATCH = 0, 1, 2  # effort, from the least


@dataclass(frozen=True)
class Tested:
    """Answers about held-out pictures, which were looked at once.

    Attributes:
        photographs: the pictures.
        probabilities: float32 (N, K).
    """

    photographs: Photographs
    probabilities: FloatArray

    @property
    def accuracy(self) -> Interval:
        """The share of right answers, with its exact interval."""
        labels = self.photographs.labels
        right = int((self.probabilities.argmax(axis=1) == labels).sum())
        return exact_interval(right, len(labels))


@dataclass(frozen=True)
class Outcome:
    """Everything that a search has found.

    Attributes:
        pictures: the data as analysed.
        findings: about them.
        material: what was learned from.
        folds: all divisions.
        scores: of each strategy, the best first.
        pairs: each strategy against the best, in the same order.
        chosen: the one that is taken.
        strategy: likewise.
        curve: its learning curve.
        network: learned from all pictures.
        card: its card.
        tests: its answers about held-out pictures.
        left_out: networks that could not be tried, and why.
    """

    pictures: Pictures
    findings: Findings
    material: Material
    folds: tuple[Fold, ...]
    scores: tuple[Score, ...]
    pairs: tuple[Paired, ...]
    chosen: Score
    strategy: Strategy
    curve: tuple[Point, ...]
    network: nn.Module
    card: ModelCard
    tests: tuple[Tested, ...]
    left_out: dict[str, str]


class Search:
    """Tries the strategies on one data set."""

    def __init__(self, material: Material, settings: Settings, steps: Steps) -> None:
        """Divides the pictures.

        Args:
            material: what there is to learn from.
            settings: what to do.
            steps: is told what is done.

        Raises:
            DataError: all pictures of a class are copies of one.
        """
        self.material, self._settings, self._steps = material, settings, steps
        count = fold_count(material.pool, settings.folds)
        repeats, seed = settings.repeats, settings.seed
        self.folds = tuple(plan_folds(material.pool, count, repeats, seed))
        key = key_of_search(material.pool.digest(), settings.fit)
        self._ledger = Ledger(settings.home / "searches" / key)
        self.left_out: dict[str, str] = {}
        self._tried: dict[str, tuple[Strategy, Score]] = {}

    def run(self) -> None:
        """Tries all strategies.

        Raises:
            DataError: something cannot be kept.
        """
        for started in self._features():
            self._judge(started, started.looks_key, FEATURES)
        self._judge(
            scratch_strategy(
                self.material.pool, self.material.task, self._settings.fit
            ),
            "scratch",
            SCRATCH,
        )
        taken = self._features_taken()
        if taken is not None and has_stage(taken.started.network):
            self._judge(TuningStrategy(taken), f"tuned-{taken.looks_key}", TUNING)

    @property
    def scores(self) -> tuple[Score, ...]:
        """Of all strategies, the best first."""
        found = (score for _, score in self._tried.values())
        return tuple(sorted(found, key=lambda one: (-one.mean, one.cost)))

    def strategy(self, name: str) -> Strategy:
        """The strategy of this name."""
        return self._tried[name][0]

    def _features(self) -> Iterator[FeatureStrategy]:
        """Feature extraction with each network that can be had."""
        settings, pool = self._settings, self.material.pool
        for starter in find_starters(
            settings.backbones, settings.weights, settings.data, settings.home
        ):
            try:
                yield self._looked(starter, pool)
            except ModelError as error:
                if settings.backbones:
                    raise
                self.left_out[starter.backbone] = str(error)
                logger.warning("left out %s: %s", starter.backbone, error)

    def _looked(self, starter: Starter, pool: Photographs) -> FeatureStrategy:
        task, settings = self.material.task, self._settings
        started = start(starter, task, settings.fit, pool.longest_px)
        with self._steps.step(f"looking with {starter.backbone}") as done:
            looks = look(started, starter.backbone, pool.paths, settings.home, done)
        return feature_strategy(starter.backbone, started, looks, pool, task)

    def _judge(self, strategy: Strategy, key: str, effort: int) -> None:
        with self._steps.step(strategy.name) as done:
            logits = self._ledger.logits(strategy, key, self.folds, done)
        labels, cost = self.material.pool.labels, strategy.costs[0]
        found = score(
            strategy.name, logits, labels, self.folds, cost=cost, effort=effort
        )
        self._tried[strategy.name] = strategy, found

    def _features_taken(self) -> FeatureStrategy | None:
        """The network whose features the rule takes, which is worth fine-tuning."""
        tried = [
            (strategy, found)
            for strategy, found in self._tried.values()
            if isinstance(strategy, FeatureStrategy)
        ]
        if not tried:
            return None
        best = choose([found for _, found in tried])
        return next(strategy for strategy, found in tried if found is best)


def learn(
    pictures: Pictures, findings: Findings, settings: Settings, steps: Steps
) -> Outcome:
    """Tries all strategies, takes one by the rule and learns it from all pictures.

    Args:
        pictures: the data.
        findings: of its analysis.
        settings: what to do.
        steps: is told what is done.

    Raises:
        DataError: nothing can be learned from the pictures.
        ModelError: a network that was named cannot be had.
    """
    name = settings.name or name_of(settings.data)
    search = Search(gather(pictures, findings, name), settings, steps)
    search.run()
    material, folds, scores = search.material, search.folds, search.scores
    chosen = choose(scores)
    strategy, pool = search.strategy(chosen.name), material.pool
    once = [fold for fold in folds if fold.repeat == 0]
    with steps.step("learning curve") as done:
        whole = right_of(chosen.logits[:1], pool.labels)
        curve = learning_curve(strategy, pool.labels, once, whole, done)
    with steps.step("learning from all"):
        network = strategy.finished(settings.seed)
    recipe = Recipe(
        settings.command,
        settings.seed,
        material.task.name,
        len(once),
        settings.repeats,
    )
    card = make_card(strategy, network, material, chosen, recipe)
    tests = tuple(tested(network, card, part) for part in material.tests)
    return Outcome(
        pictures=pictures,
        findings=findings,
        material=material,
        folds=folds,
        scores=scores,
        pairs=tuple(pair(one, scores[0], pool.labels, pool.groups) for one in scores),
        chosen=chosen,
        strategy=strategy,
        curve=curve,
        network=network,
        card=with_tests(card, tests),
        tests=tests,
        left_out=search.left_out,
    )


def tested(network: nn.Module, card: ModelCard, part: Photographs) -> Tested:
    """Answers about held-out pictures."""
    classifier = TorchClassifier(network, card)
    rows = [classifier.predict([read_picture(path).pixels]) for path in part.paths]
    return Tested(part, np.concatenate(rows))


def with_tests(card: ModelCard, tests: Sequence[Tested]) -> ModelCard:
    """A card with the figures of held-out pictures."""
    metrics = dict(card.metrics)
    for number, test in enumerate(tests):
        found = test.accuracy
        metrics[f"test_accuracy{number + 1 if number else ''}"] = Metric(
            value=found.value,
            low=found.low,
            high=found.high,
            split=f"held out ({test.photographs.name})",
            images=len(test.photographs),
        )
    return card.model_copy(update={"metrics": metrics})
