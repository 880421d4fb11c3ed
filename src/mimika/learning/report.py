"""Puts the folder of `mimika learn` together: model, card, report, figures."""

import csv
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from mimika.analysis import report as data_report
from mimika.learning import sections
from mimika.learning.growth import sentence
from mimika.learning.run import Outcome
from mimika.learning.winner import export
from mimika.reporting.folder import check_folder, write_folder
from mimika.reporting.page import Page
from mimika.runtime.classifier import softmax

MADE_BY = "mimika learn"
MODEL, CARD, ANSWERS, ANALYSIS = "model.onnx", "card.json", "answers.csv", "analysis"


def check_out(out: Path) -> None:
    """Refuses a folder that holds anything but a former result.

    Raises:
        InputError: it does, or it is a file.
    """
    check_folder(out, MADE_BY)


def write_outcome(out: Path, outcome: Outcome) -> Path:
    """Writes model, card, report and figures, all or nothing.

    Args:
        out: the folder; a former result in it is replaced as a whole.
        outcome: what was found.

    Returns:
        The path of `report.html`.

    Raises:
        InputError: see `check_out`.
        ParityError: the exported model answers differently.
        OSError: the folder cannot be written.
    """
    pool = outcome.material.pool

    def write_model(path: Path) -> None:
        export(outcome.network, outcome.card, pool.paths, path)

    def write_card(path: Path) -> None:
        path.write_text(outcome.card.model_dump_json(indent=2) + "\n", "utf-8")

    def write_analysis(path: Path) -> None:
        data_report.write_report(path, outcome.pictures, outcome.findings)

    attached: dict[str, Callable[[Path], None]] = {
        MODEL: write_model,
        CARD: write_card,
        ANSWERS: lambda path: write_answers(path, outcome),
        ANALYSIS: write_analysis,
    }
    return write_folder(
        out, MADE_BY, build_page(outcome), figures_of(outcome), attached
    )


def build_page(outcome: Outcome) -> Page:
    """The report as a page."""
    task = outcome.material.task
    parts = (
        sections.summary(outcome),
        sections.strategies(outcome),
        sections.growth(outcome),
        sections.confusion(outcome),
        sections.mistakes(outcome),
        sections.calibration(outcome),
        sections.limits(outcome),
    )
    return Page(
        f"Learned: {task.name}",
        f"{len(outcome.material.pool):,} pictures of {', '.join(task.names)}",
        parts,
        f"Made by mimika {version('mimika')} on {datetime.now(UTC):%Y-%m-%d} with seed "
        f"{outcome.card.seed}. The analysis of the data lies in the folder "
        f"{ANALYSIS}. The pictures belong to the data set: mind its licence before you "
        "pass this file on.",
    )


def figures_of(outcome: Outcome) -> dict[str, object]:
    """What stands in report.json."""
    return {
        "card": outcome.card.model_dump(mode="json"),
        "taken": outcome.chosen.name,
        "strategies": [
            {
                "name": score.name,
                "accuracy": score.mean,
                "deviation": score.deviation,
                "standard_error": score.error,
                "folds": list(score.accuracies),
                "multiply_adds": score.cost,
                "difference": asdict(paired.difference),
            }
            for score, paired in zip(outcome.scores, outcome.pairs, strict=True)
        ],
        "learning_curve": [asdict(point) for point in outcome.curve],
        "more_pictures": sentence(outcome.curve),
        "remarks": [asdict(remark) for remark in sections.remarks_of(outcome)],
        "left_out": outcome.left_out,
    }


def write_answers(path: Path, outcome: Outcome) -> None:
    """A table of every answer: of held-out folds, and about held-out pictures."""
    task, pool = outcome.material.task, outcome.material.pool
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["path", "label", "answered", "repeat", *task.keys])
        for repeat, logits in enumerate(outcome.chosen.logits, start=1):
            rows = softmax(logits, outcome.card.temperature)
            for place, values in enumerate(rows):
                writer.writerow(
                    [
                        pool.paths[place],
                        task.keys[pool.labels[place]],
                        task.keys[int(values.argmax())],
                        repeat,
                        *(f"{value:.6f}" for value in values),
                    ]
                )
        for test in outcome.tests:
            for place, values in enumerate(test.probabilities):
                writer.writerow(
                    [
                        test.photographs.paths[place],
                        task.keys[test.photographs.labels[place]],
                        task.keys[int(values.argmax())],
                        test.photographs.name,
                        *(f"{value:.6f}" for value in values),
                    ]
                )
