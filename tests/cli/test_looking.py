import cv2
import numpy as np
import pytest

from mimika.cli.looking import open_look
from mimika.core.errors import ModelError
from mimika.core.tasks import EMOTION
from mimika.live.frames import Frame
from mimika.runtime.hardware import Hardware


def test_a_face_is_found_named_and_marked(photograph):
    pixels = np.ascontiguousarray(cv2.imread(str(photograph))[:, :, ::-1])
    look = open_look(None, Hardware())
    for index in range(10):
        frame = Frame(pixels, index / 10, index)
        moment = look.read(frame)
    assert look.task == EMOTION
    (person,) = moment.people
    assert person.identity == 1
    drawn = look.draw(frame, moment)
    assert (drawn.time_s, drawn.index) == (0.9, 9)
    changed = (drawn.pixels != pixels).any(axis=2)
    assert 500 < changed.sum() < 0.3 * changed.size


def test_a_model_that_is_not_about_faces_is_refused(knowing_model):
    path = knowing_model(("large", "small"), "parts")
    with pytest.raises(ModelError, match="'parts' is not about faces"):
        open_look(path, Hardware())
