from dataclasses import replace

import numpy as np

from mimika.analysis.faces import FaceError, FaceSearch
from mimika.analysis.run import Silent, examine
from mimika.analysis.sections_faces import FEW, KNOWN_ERROR, faces
from mimika.reporting.gallery import Gallery
from mimika.reporting.page import Text


def texts(section):
    return " ".join(block.text for block in section.blocks if isinstance(block, Text))


def with_faces(drawn, without, error=None):
    found = examine(drawn, None, 0, 1, Silent())
    search = FaceSearch(np.arange(120), np.arange(without), (0.1,) * 7, error)
    return replace(found, faces=search)


def test_the_error_is_always_stated(drawn):
    assert KNOWN_ERROR in texts(faces(drawn, with_faces(drawn, 3)))
    error = FaceError(1000, 0.0123, 10, 0.4)
    text = texts(faces(drawn, with_faces(drawn, 3, error)))
    assert "misses 1.23 %" in text
    assert "finds one in 40.0 %" in text


def test_few_are_shown_where_these_are_no_faces(drawn):
    section = faces(drawn, with_faces(drawn, 118))
    gallery = section.blocks[-1]
    assert isinstance(gallery, Gallery)
    assert len(gallery.groups[0].tiles) == FEW
    assert f"{FEW} of 118" in gallery.caption
