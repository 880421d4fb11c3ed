"""The views of a picture."""

import numpy as np

from mimika.learning.views import view_of

PICTURE = np.random.default_rng(0).integers(0, 256, (40, 60, 3), np.uint8)
DIGEST = bytes(range(32))


def test_the_first_two_are_the_picture_and_its_mirror_image():
    plain = view_of(PICTURE, 0, DIGEST, keep_scale=False)
    mirrored = view_of(PICTURE, 1, DIGEST, keep_scale=False)
    np.testing.assert_array_equal(plain, PICTURE)
    np.testing.assert_array_equal(mirrored, PICTURE[:, ::-1])


def test_drawn_views_follow_from_picture_and_number():
    def drawn(number, digest=DIGEST):
        return view_of(PICTURE, number, digest, keep_scale=False)

    np.testing.assert_array_equal(drawn(2), drawn(2))
    assert not np.array_equal(drawn(2), drawn(3))
    assert not np.array_equal(drawn(2), drawn(2, DIGEST[::-1]))
    assert drawn(2).shape == PICTURE.shape


def test_where_the_scale_is_kept_nothing_is_enlarged():
    square = np.zeros((200, 200, 3), np.uint8)
    square[80:120, 80:120] = 255
    kept, free = set(), set()
    for number in range(2, 12):
        for areas, keep_scale in ((kept, True), (free, False)):
            view = view_of(square, number, DIGEST, keep_scale=keep_scale)
            middle = (int(view.max()) + int(view.min())) / 2
            areas.add(round(int((view[..., 0] > middle).sum()) / 1600, 2))
    assert all(0.95 < area < 1.05 for area in kept)
    assert max(free) / min(free) > 1.3
