"""A judgement as plain values for JSON."""

from dataclasses import asdict

from mimika.core.card import ModelCard
from mimika.evaluation.calibration import Calibration
from mimika.evaluation.intervals import Interval
from mimika.evaluation.judgement import Judged, Judgement, Views
from mimika.evaluation.metrics import Evaluation
from mimika.evaluation.reliability import Bin
from mimika.evaluation.tta import views_of

Figures = dict[str, object]


def figures_of(judgement: Judgement) -> Figures:
    """Everything in a judgement; parts that were not asked for are null."""
    card = judgement.card
    clean, found = judgement.clean, judgement.calibration
    return {
        "model": card.name,
        "model_digest": card.digest,
        "source": judgement.source,
        "temperature": card.temperature,
        "notes": list(judgement.notes),
        **_judged(judgement.whole, card),
        "ece_by_chance": judgement.ece_by_chance,
        "reliability": _bins(judgement.bins),
        "clean": None if clean is None else _judged(clean, card),
        "calibration": None if found is None else _calibration(found),
        "votes": None if judgement.crowd is None else asdict(judgement.crowd),
        "mistakes": [
            {
                "row": mistake.row,
                "true": card.labels[mistake.true],
                "answer": card.labels[mistake.answer],
                "confidence": mistake.confidence,
                "true_probability": mistake.true_probability,
            }
            for mistake in judgement.mistakes
        ],
        "cost": None if judgement.cost is None else asdict(judgement.cost),
    }


def _judged(judged: Judged, card: ModelCard) -> Figures:
    views = None if judged.views is None else _views(judged.views, card)
    return {"split": judged.name, **_evaluation(judged.plain, card), "tta": views}


def _views(views: Views, card: ModelCard) -> Figures:
    return {
        "kind": views.kind,
        "views": views_of(views.kind),
        **_evaluation(views.evaluation, card),
        **_with_ends("accuracy_gain", views.accuracy_gain),
        **_with_ends("balanced_accuracy_gain", views.balanced_accuracy_gain),
        **_with_ends("macro_f1_gain", views.macro_f1_gain),
    }


def _evaluation(evaluation: Evaluation, card: ModelCard) -> Figures:
    return {
        "images": evaluation.images,
        **_with_ends("accuracy", evaluation.accuracy),
        **_with_ends("balanced_accuracy", evaluation.balanced_accuracy),
        **_with_ends("macro_f1", evaluation.macro_f1),
        **_with_ends("top2", evaluation.top2),
        "nll": evaluation.nll,
        "ece": evaluation.ece,
        "classes": {
            key: asdict(figures)
            for key, figures in zip(card.labels, evaluation.classes, strict=True)
        },
        "confusion": evaluation.confusion.tolist(),
    }


def _calibration(found: Calibration) -> Figures:
    return {
        **asdict(found),
        "before": _bins(found.before),
        "after": _bins(found.after),
    }


def _bins(bins: tuple[Bin, ...]) -> list[Figures]:
    return [
        {
            "images": part.images,
            "confidence": part.confidence,
            **_with_ends("accuracy", part.accuracy),
        }
        for part in bins
    ]


def _with_ends(name: str, figure: Interval) -> Figures:
    return {name: figure.value, f"{name}_95": [figure.low, figure.high]}
