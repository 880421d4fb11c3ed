"""The confusion matrix as text."""

import numpy as np

from mimika.evaluation.confusion import confusion_table


def test_columns_are_aligned_and_end_with_the_recall():
    lines = confusion_table(np.array([[3, 1], [0, 1200]]), ["Angry", "Happy"])
    assert len({len(line) for line in lines}) == 1
    assert lines[1].split() == ["Angry", "3", "1", "0.750"]
    assert lines[2].split() == ["Happy", "0", "1200", "1.000"]


def test_a_class_without_pictures_has_no_recall_to_divide_by():
    assert confusion_table(np.zeros((1, 1), int), ["A"])[1].endswith("0.000")
