import itertools

import numpy as np
import pytest
from numpy.typing import NDArray

from mimika.core.errors import ModelError
from mimika.core.tasks import EMOTION, PALETTE, TASKS, Label, task_for, text_colour

SRGB_TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
XYZ_TO_LMS = np.array(  # Smith and Pokorny (1975)
    [[0.15514, 0.54312, -0.03286], [-0.15514, 0.45684, 0.03286], [0, 0, 0.01608]]
)
RED, BLUE = np.array([1.0, 0, 0]), np.array([0, 0, 1.0])


def dichromat(missing: int, seen_right: NDArray[np.float64]) -> NDArray[np.float64]:
    """What somebody without one kind of cone sees, as a matrix on linear RGB.

    After Viénot, Brettel and Mollon (1999): the signal of the missing cone is replaced
    so that greys and one primary, on which people with this sight agree with others,
    stay as they are.

    Args:
        missing: 0, 1 or 2 for the long, middle or short wavelengths.
        seen_right: linear RGB of that primary.
    """
    to_lms = XYZ_TO_LMS @ SRGB_TO_XYZ
    normal = np.cross(to_lms @ np.ones(3), to_lms @ seen_right)
    replaced = np.eye(3)
    replaced[missing] = -normal / normal[missing]
    replaced[missing, missing] = 0
    return np.asarray(np.linalg.inv(to_lms) @ replaced @ to_lms)


SIGHTS = {
    "all cones": np.eye(3),
    "protanopia": dichromat(0, BLUE),
    "deuteranopia": dichromat(1, BLUE),
    "tritanopia": dichromat(2, RED),
}
LEAST_DISTANCE = 10.0  # CIE76; 2.3 is just noticeable side by side


def linear(colour: str) -> NDArray[np.float64]:
    values = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(
        values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4
    )


def lab(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """CIE L*a*b* under D65 of linear RGB."""
    ratio = SRGB_TO_XYZ @ rgb.clip(0, 1) / np.array([0.95047, 1.0, 1.08883])
    f = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def contrast(one: str, other: str) -> float:
    """WCAG 2.1 contrast ratio, 1..21."""
    weights = np.array([0.2126, 0.7152, 0.0722])
    low, high = sorted(float(weights @ linear(colour)) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def test_the_classes_have_the_numbers_of_fer2013() -> None:
    expected = ("Angry", "Disgust", "Fear", "Happy", "Sad", "Surprise", "Neutral")
    assert EMOTION.names == expected
    assert EMOTION.keys == tuple(name.lower() for name in expected)
    assert EMOTION.finds_faces
    assert TASKS == {"emotion": EMOTION}


@pytest.mark.parametrize("sight", SIGHTS)
def test_any_two_colours_are_told_apart(sight: str) -> None:
    for one, other in itertools.combinations(EMOTION.labels, 2):
        seen = [lab(SIGHTS[sight] @ linear(label.colour)) for label in (one, other)]
        distance = float(np.linalg.norm(seen[0] - seen[1]))
        assert distance > LEAST_DISTANCE, (sight, one.key, other.key, distance)


@pytest.mark.parametrize("sight", SIGHTS)
def test_the_measure_keeps_greys(sight: str) -> None:
    assert SIGHTS[sight] @ np.ones(3) == pytest.approx(np.ones(3))


def test_the_measure_of_colours_finds_what_is_hard_to_see() -> None:
    """Red and a green of its lightness: far apart for most, near for some."""
    red, green = linear("#c0392b"), linear("#6d6e00")
    far = np.linalg.norm(lab(red) - lab(green))
    sight = SIGHTS["deuteranopia"]
    near = np.linalg.norm(lab(sight @ red) - lab(sight @ green))
    assert near < LEAST_DISTANCE < far


@pytest.mark.parametrize("label", EMOTION.labels, ids=EMOTION.keys)
def test_text_on_each_colour_can_be_read(label: Label) -> None:
    colour = label.colour
    assert contrast(text_colour(colour), colour) >= 4.5  # WCAG 2.1 AA


@pytest.mark.parametrize("label", EMOTION.labels, ids=EMOTION.keys)
def test_each_colour_shows_on_white_and_on_black(label: Label) -> None:
    assert contrast(label.colour, "#ffffff") > 2
    assert contrast(label.colour, "#000000") > 2


def test_the_better_of_black_and_white_is_taken() -> None:
    for red, green, blue in itertools.product(range(0, 256, 51), repeat=3):
        colour = f"#{red:02x}{green:02x}{blue:02x}"
        chosen = text_colour(colour)
        other = {"#000000": "#ffffff", "#ffffff": "#000000"}[chosen]
        assert contrast(chosen, colour) >= contrast(other, colour)


def test_a_label_is_found_by_its_key() -> None:
    assert EMOTION.label("sad").name == "Sad"
    with pytest.raises(KeyError):
        EMOTION.label("Sad")


def test_a_known_task_keeps_its_names_and_colours() -> None:
    assert task_for("emotion", EMOTION.keys) is EMOTION


def test_a_known_task_with_other_classes_is_refused() -> None:
    with pytest.raises(ModelError, match="'emotion' has the classes angry, disgust"):
        task_for("emotion", sorted(EMOTION.keys))


def test_any_other_task_gets_names_and_colours() -> None:
    task = task_for("parts", ["small_part", "large_part"])
    assert task.names == ("Small Part", "Large Part")
    assert task.keys == ("small_part", "large_part")
    assert [label.colour for label in task.labels] == list(PALETTE[:2])
    assert not task.finds_faces


def test_a_task_may_have_more_classes_than_there_are_colours() -> None:
    task = task_for("many", [str(number) for number in range(20)])
    assert len(task.labels) == 20
    assert task.labels[7].colour == PALETTE[0]
