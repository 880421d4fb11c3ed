import pytest

from mimika.service.schemas import ModelInfo
from mimika.web.about.evaluation import ClassFigures, Evaluation, read_evaluation
from mimika.web.about.presentation import class_rows, figures, matrix_rows, percent


@pytest.fixture
def small() -> Evaluation:
    """Two classes, six pictures."""
    found = ClassFigures(precision=0.75, recall=1.0, f1=0.857, images=3)
    return read_evaluation().model_copy(
        update={
            "classes": {"happy": found, "unheard_of": found},
            "confusion": ((3, 0), (1, 2)),
            "images": 6,
        }
    )


def test_classes_have_the_names_that_people_read(
    model: ModelInfo, small: Evaluation
) -> None:
    happy, other = class_rows(model, small)
    assert (happy.name, other.name) == ("Happy", "unheard_of")
    assert (happy.precision, happy.recall, happy.f1) == ("75.0 %", "100.0 %", "85.7 %")


def test_a_row_of_the_matrix_holds_the_answers_about_one_class(
    model: ModelInfo, small: Evaluation
) -> None:
    first, second = matrix_rows(model, small)
    assert [cell.count for cell in first.cells] == [3, 0]
    assert [cell.count for cell in second.cells] == [1, 2]
    assert [cell.share for cell in second.cells] == ["33 %", "67 %"]
    assert [cell.is_right for cell in second.cells] == [False, True]
    assert (first.images, second.images) == (3, 3)


def test_the_figures_of_the_card_come_first_and_none_comes_twice(
    model: ModelInfo,
) -> None:
    evaluation = read_evaluation()
    alone = figures(model, None)
    assert [figure.name for figure in alone] == ["Right answers (accuracy)"]
    both = figures(model, evaluation)
    assert both[0] == alone[0]
    assert len(both) == len(set(both)) == 8
    low, high = evaluation.accuracy_95
    assert both[0].interval == f"{100 * low:.1f} % to {100 * high:.1f} %"
    assert {figure.split for figure in both} == {"PublicTest", "clean PublicTest"}


def test_a_figure_that_the_page_does_not_know_keeps_its_own_name(
    model: ModelInfo,
) -> None:
    strange = {"right_twice": model.metrics["accuracy"]}
    (figure,) = figures(model.model_copy(update={"metrics": strange}), None)
    assert figure.name == "Right twice"


def test_percents_have_one_decimal() -> None:
    assert percent(0.71134) == "71.1 %"
