from collections.abc import Callable

import pytest

from mimika.core.results import WARNINGS, Analysis, Box, Face
from mimika.core.tasks import EMOTION
from mimika.web.reports.presentation import (
    certainty,
    face_views,
    marks_of,
    percent,
    summary,
)

Answer = Callable[..., Analysis]


@pytest.mark.parametrize(
    ("probability", "text"),
    [
        (0.0, "0 %"),
        (0.0001, "< 1 %"),
        (0.006, "1 %"),
        (0.734, "73 %"),
        (0.9949, "99 %"),
        (0.9999, "> 99 %"),
        (1.0, "100 %"),
    ],
)
def test_a_percentage_never_claims_more_than_is_known(
    probability: float, text: str
) -> None:
    assert percent(probability) == text


def test_a_face_has_a_bar_for_each_class_in_its_order_and_colour(
    make_answer: Answer,
) -> None:
    (view,) = face_views(make_answer("happy"))
    assert [bar.name for bar in view.bars] == list(EMOTION.names)
    assert [bar.colour for bar in view.bars] == [x.colour for x in EMOTION.labels]
    assert [bar.name for bar in view.bars if bar.top] == ["Happy"]
    assert view.caption == "Happy 70 %"
    assert view.bars[3].width == "70.00"


def test_the_order_does_not_depend_on_how_the_database_stores_keys(
    make_answer: Answer,
) -> None:
    stored = make_answer("sad").model_dump(mode="json")
    face = stored["faces"][0]
    face["probabilities"] = dict(sorted(face["probabilities"].items(), reverse=True))
    (view,) = face_views(Analysis.model_validate(stored))
    assert [bar.name for bar in view.bars] == list(EMOTION.names)
    assert view.name == "Sad"


def test_classes_of_an_unknown_task_are_shown_too(make_answer: Answer) -> None:
    face = Face(
        box=Box(0, 0, 9, 9),
        score=1,
        label="large_part",
        probability=0.8,
        probabilities={"small_part": 0.2, "large_part": 0.8},
    )
    answer = make_answer().model_copy(update={"task": "parts", "faces": (face,)})
    (view,) = face_views(answer)
    assert view.caption == "Large Part 80 %"
    assert [bar.name for bar in view.bars] == ["Large Part", "Small Part"]


@pytest.mark.parametrize(
    ("labels", "text"),
    [
        ((), "No face found"),
        (("fear",), "Fear"),
        (("fear", "sad"), "Fear, Sad"),
        (("sad", "sad"), "Sad (2)"),
        (("fear", "sad", "angry", "sad", "happy"), "Sad (2), Fear, Angry and 1 more"),
    ],
)
def test_a_summary_counts_the_three_commonest_classes(
    labels: tuple[str, ...], text: str
) -> None:
    assert summary(labels) == text


@pytest.mark.parametrize(
    ("probability", "word"),
    [
        (1.0, "sure"),
        (0.8, "sure"),
        (0.79, "likely"),
        (0.5, "likely"),
        (0.49, "unsure"),
        (0.0, "unsure"),
    ],
)
def test_a_word_says_how_sure_an_answer_is(probability: float, word: str) -> None:
    assert certainty(probability, 7) == word


@pytest.mark.parametrize(
    ("probability", "word"), [(0.8, "sure"), (0.75, "likely"), (0.74, "unsure")]
)
def test_of_two_classes_half_is_not_likely(probability: float, word: str) -> None:
    assert certainty(probability, 2) == word
    assert certainty(probability, 3) == ("sure" if word == "sure" else "likely")


def test_the_word_never_contradicts_the_percentage_beside_it() -> None:
    for probability in (n / 1000 for n in range(1001)):
        shown = float(percent(probability).strip("<> %"))
        expected = "sure" if shown >= 80 else "likely" if shown >= 50 else "unsure"
        assert certainty(probability, 7) == expected, probability


def test_boxes_are_numbered_where_there_are_several(make_answer: Answer) -> None:
    assert [mark.text for mark in marks_of(make_answer("sad"))] == ["Sad 70 %"]
    several = marks_of(make_answer("sad", "happy"))
    assert [mark.text for mark in several] == ["1 Sad 70 %", "2 Happy 70 %"]
    assert [mark.box for mark in several] == [(10, 30, 50, 60), (90, 30, 50, 60)]


def test_a_face_says_what_is_wrong_with_it(make_answer: Answer) -> None:
    answer = make_answer("happy")
    small = answer.faces[0].model_copy(update={"warnings": ("small",)})
    (view,) = face_views(answer.model_copy(update={"faces": (small,)}))
    assert view.warnings == (WARNINGS["small"],)
    assert view.key == "happy"
