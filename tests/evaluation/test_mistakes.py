import numpy as np

from mimika.evaluation.mistakes import confident_mistakes


def answers(rows):
    return np.array(rows, np.float32)


def test_each_class_has_its_most_certain_mistakes():
    probabilities = answers(
        [[0.9, 0.1], [0.2, 0.8], [0.3, 0.7], [0.4, 0.6], [0.6, 0.4], [0.95, 0.05]]
    )
    labels = np.array([0, 0, 0, 0, 1, 1])
    rows = np.arange(6) * 10
    found = confident_mistakes(probabilities, labels, rows, most=4)
    assert [(m.place, m.row, m.true, m.answer) for m in found] == [
        (1, 10, 0, 1),
        (2, 20, 0, 1),
        (5, 50, 1, 0),
        (4, 40, 1, 0),
    ]
    assert (found[0].confidence, found[0].true_probability) == (
        probabilities[1, 1],
        probabilities[1, 0],
    )


def test_with_more_classes_than_places_no_more_are_shown_than_asked_for():
    probabilities = np.eye(5, dtype=np.float32)
    found = confident_mistakes(probabilities, np.roll(np.arange(5), 1), np.arange(5), 3)
    assert [m.true for m in found] == [0, 1, 2]


def test_a_model_without_mistakes_has_none():
    probabilities = np.eye(3, dtype=np.float32)
    assert confident_mistakes(probabilities, np.arange(3), np.arange(3)) == ()
