import json

import numpy as np

from mimika.analysis.figures import figures_of, plain
from mimika.analysis.run import Silent, examine
from mimika.data.samples import BadRow


def test_values_become_what_json_knows():
    value = {1: np.array([1.5, np.nan]), "b": (np.int64(3), BadRow("a", "b"), None)}
    assert plain(value) == {
        "1": [1.5, None],
        "b": [3, {"where": "a", "cause": "b"}, None],
    }


def test_all_figures_are_json_and_name_their_pictures(draw):
    labels = np.arange(84) % 7
    pictures = draw(labels)
    pictures.images[20] = pictures.images[10, :, ::-1]
    figures = figures_of(pictures, examine(pictures, None, 0, 1, Silent()))
    json.dumps(figures, allow_nan=False)
    (pair,) = figures["duplicates"]["pairs"]
    assert pair["pictures"] == ["Training 10", "Training 20"]
    assert pair["kind"] == "mirrored"
    assert figures["duplicates"]["conflicts"] == [["Training 10", "Training 20"]]
    assert figures["suspect_labels"]["judged"] == 84
    assert (
        len(figures["suspect_labels"]["ranked"]) == figures["suspect_labels"]["count"]
    )
