"""`mimika draw-parts`."""

import pytest

from mimika.core.errors import DataError
from mimika.data import drawn_parts


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    """Draws at a quarter of the size."""
    monkeypatch.setattr(drawn_parts, "PX_PER_MM", 4)


def test_it_writes_a_set_and_says_so(call, tmp_path):
    out = tmp_path / "parts"
    done = call("draw-parts", out, "--seed", 4, "--train", 3, "--test", 2)
    assert done.exit_code == 0, done.output
    assert done.stdout == (
        f"{out}: 3 pictures to train and 2 to test, drawn from seed 4; 3 parts are "
        "small and 2 large\n"
    )
    found = sorted(str(path.relative_to(out)) for path in out.rglob("*.jpg"))
    assert found == [
        "test/large/test-0002.jpg",
        "test/small/test-0001.jpg",
        "train/large/train-0002.jpg",
        "train/small/train-0001.jpg",
        "train/small/train-0003.jpg",
    ]


def test_a_folder_with_files_is_refused_before_anything_is_drawn(call, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    done = call("draw-parts", tmp_path, "--train", 100_000)
    assert isinstance(done.exception, DataError)
    assert "is a folder with files in it" in str(done.exception)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--train", 0, "--test", 0], "leaves nothing to draw"),
        (["--seed", -1], "is not in the range x>=0"),
        (["--train", 100_001], "is not in the range 0<=x<=100000"),
    ],
)
def test_an_impossible_set_is_a_wrong_call(call, tmp_path, options, message):
    done = call("draw-parts", tmp_path / "parts", *options)
    assert done.exit_code == 2
    assert message in done.output
    assert not (tmp_path / "parts").exists()


def test_help_has_an_example_and_the_usual_numbers(call):
    text = call("draw-parts", "--help").output
    assert "mimika draw-parts parts --seed 1" in text
    assert "[default: 43" in text
    assert "[default: 21" in text
