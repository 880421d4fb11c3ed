import json
from dataclasses import replace

import pytest

from mimika.evaluation.figures import figures_of


def test_everything_goes_through_json(judgement):
    found = figures_of(judgement)
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    plain = judgement.whole.plain
    assert found["accuracy"] == plain.accuracy.value
    assert found["accuracy_95"] == [plain.accuracy.low, plain.accuracy.high]
    assert (found["nll"], found["ece"]) == (plain.nll, plain.ece)
    assert list(found["classes"]) == ["apple", "pear", "red_currant"]
    assert sum(map(sum, found["confusion"])) == found["images"] == 90
    assert (found["clean"]["split"], found["clean"]["images"]) == ("clean Orchard", 60)
    assert (found["tta"]["kind"], found["tta"]["views"]) == ("flip", 2)
    gain = found["tta"]["accuracy"] - found["accuracy"]
    assert found["tta"]["accuracy_gain"] == pytest.approx(gain)
    assert found["calibration"]["temperature"] == judgement.calibration.temperature
    assert sum(part["images"] for part in found["calibration"]["after"]) == 60
    assert found["mistakes"][0]["true"] == "apple" != found["mistakes"][0]["answer"]
    assert found["mistakes"][0]["row"] >= 1000
    assert found["cost"]["ms_alone"] == 0.25
    assert found["votes"]["label_agreement"]["value"] == 1


def test_what_was_not_asked_for_is_null(judgement):
    whole = replace(judgement.whole, views=None)
    found = figures_of(
        replace(judgement, whole=whole, clean=None, calibration=None, crowd=None)
    )
    names = [name for name, value in found.items() if value is None]
    assert names == ["tta", "clean", "calibration", "votes"]
