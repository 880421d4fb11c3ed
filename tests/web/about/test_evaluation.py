import subprocess
import sys

from mimika.core.tasks import EMOTION
from mimika.runtime.pipeline import load_analyzer
from mimika.web.about.evaluation import evaluation_of, read_evaluation


def test_the_file_is_about_the_model_in_the_package() -> None:
    """`docs/web.md` has the command that writes the file anew for another model."""
    card = load_analyzer().card
    evaluation = evaluation_of(card.digest)
    assert evaluation is not None
    measured = card.metrics["accuracy"]
    assert (evaluation.split, evaluation.images) == (measured.split, measured.images)
    assert abs(evaluation.accuracy - measured.value) < 0.005


def test_the_evaluation_of_another_model_is_not_given() -> None:
    assert evaluation_of("0" * 64) is None


def test_the_matrix_and_the_figures_agree_with_each_other() -> None:
    evaluation = read_evaluation()
    assert tuple(evaluation.classes) == EMOTION.keys
    right = sum(row[place] for place, row in enumerate(evaluation.confusion))
    assert sum(map(sum, evaluation.confusion)) == evaluation.images
    assert right / evaluation.images == evaluation.accuracy
    for counts, found in zip(
        evaluation.confusion, evaluation.classes.values(), strict=True
    ):
        assert sum(counts) == found.images


def test_reading_it_loads_nothing_of_the_runtime() -> None:
    code = (
        "import sys; from mimika.web.about.evaluation import read_evaluation;"
        "read_evaluation();"
        "print([m for m in ('onnxruntime', 'mimika.runtime') if m in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "[]"
