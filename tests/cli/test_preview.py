"""`mimika preview`."""

import numpy as np
import pytest
from PIL import Image

from mimika.core.errors import ConfigError, DataError


@pytest.fixture
def pictures(tmp_path):
    """Writes drawn pictures under these paths, below a folder that is returned."""
    rng = np.random.default_rng(1)

    def write(*names):
        for name in names:
            path = tmp_path / "data" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(rng.integers(0, 256, (60, 50, 3), np.uint8)).save(path)
        return tmp_path / "data"

    return write


def height_of(path):
    with Image.open(path) as sheet:
        return sheet.height


@pytest.mark.parametrize("policy", ["none", "flips", "simple", "rich"])
def test_every_policy_is_drawn_for_a_data_set(call, fer_csv, tmp_path, policy):
    out = tmp_path / "sheet.png"
    result = call("preview", policy, fer_csv, "-o", out, "--rows", 2, "--columns", 3)
    assert result.exit_code == 0, result.output
    assert result.stdout == f"{out}\n"
    assert result.stderr == ""
    assert height_of(out) > 300
    assert [file.name for file in tmp_path.iterdir()] == ["sheet.png"]


def test_the_same_call_draws_the_same_sheet(call, fer_csv, tmp_path):
    sheets = []
    for number, seed in enumerate((4, 4, 5)):
        out = tmp_path / f"{number}.png"
        call("preview", "rich", fer_csv, "-o", out, "--rows", 3, "--seed", seed)
        sheets.append(out.read_bytes())
    assert sheets[0] == sheets[1] != sheets[2]


def test_a_policy_comes_from_an_experiment_file(call, fer_csv, tmp_path):
    file = tmp_path / "experiment.toml"
    file.write_text('augmentation = [{name = "RandomGamma", gamma_limit = [50, 60]}]')
    result = call("preview", file, fer_csv, "-o", tmp_path / "sheet.png")
    assert result.exit_code == 0, result.output
    file.write_text('augmentation = [{name = "Gamma"}]')
    result = call("preview", file, fer_csv, "-o", tmp_path / "other.png")
    assert isinstance(result.exception, ConfigError)
    assert "RandomGamma" in str(result.exception)
    assert not (tmp_path / "other.png").exists()


def test_a_split_can_be_chosen(call, fer_csv, tmp_path):
    out = tmp_path / "sheet.png"
    assert call("preview", "none", fer_csv, "-o", out).exit_code == 0
    training = out.read_bytes()
    chosen = ("preview", "none", fer_csv, "-o", out, "--split")
    assert call(*chosen, "publictest").exit_code == 0
    assert out.read_bytes() != training
    result = call(*chosen, "PrivateTest")
    assert isinstance(result.exception, DataError)
    assert "it has Training (84), PublicTest (28)" in str(result.exception)


@pytest.mark.parametrize(
    "names",
    [
        ["ants/1.png", "bees/2.jpg", "ünï cödé/ä b.png"],
        ["train/ants/1.png", "train/bees/2.jpg", "val/ants/3.png"],
        ["happy/1.png", "Sad/2.jpg", "contempt/3.png"],
        ["happy/1.png", "Anger/2.jpg"],
        ["1.png", "2.jpg", "ä b.webp"],
    ],
    ids=["other classes", "split folders", "one more class", "emotions", "no classes"],
)
def test_any_folder_with_pictures_will_do(call, pictures, tmp_path, names):
    out = tmp_path / "sheet.png"
    result = call("preview", "simple", pictures(*names), "-o", out, "--columns", 2)
    assert result.exit_code == 0, result.output
    assert height_of(out) > 2 * 144


def test_one_picture_will_do(call, photograph, tmp_path):
    out = tmp_path / "sheet.png"
    assert call("preview", "rich", photograph, "-o", out).exit_code == 0
    assert height_of(out) > 144


def test_a_bad_picture_is_named_and_left_out(call, pictures, tmp_path):
    for folder in (
        pictures("loose/1.png") / "loose",
        pictures("two/ants/1.png") / "two",
    ):
        bad = next(folder.rglob("1.png")).with_name("bad.png")
        bad.write_bytes(b"no picture")
        out = tmp_path / "sheet.png"
        result = call("preview", "simple", folder, "-o", out)
        assert result.exit_code == 0, result.output
        assert f"skipped {bad}: not a picture" in result.stderr


@pytest.mark.parametrize("content", [None, "nothing", "bad picture", "empty folder"])
def test_nothing_to_show_is_an_error_that_names_the_place(call, tmp_path, content):
    data = tmp_path / "data"
    if content == "bad picture":
        data = tmp_path / "data.png"
        data.write_bytes(b"no picture")
    elif content == "empty folder":
        (data / "happy").mkdir(parents=True)
    elif content:
        data.mkdir()
    result = call("preview", "simple", data, "-o", tmp_path / "sheet.png")
    assert isinstance(result.exception, DataError)
    assert str(data.parent) in str(result.exception)
    assert not (tmp_path / "sheet.png").exists()


@pytest.mark.parametrize(
    "options",
    [
        ("--rows", 0),
        ("--columns", 1),
        ("--seed", -1),
        ("-o", "sheet.jpg"),
        ("-o", "nowhere/sheet.png"),
    ],
)
def test_a_wrong_option_is_a_wrong_call(call, fer_csv, options):
    assert call("preview", "simple", fer_csv, *options).exit_code == 2


def test_an_unknown_policy_is_answered_with_all_names(call, fer_csv, tmp_path):
    result = call("preview", "strong", fer_csv, "-o", tmp_path / "sheet.png")
    assert isinstance(result.exception, ConfigError)
    assert "none, flips, simple, rich" in str(result.exception)


def test_of_other_classes_a_split_can_be_chosen_too(call, pictures, tmp_path):
    data = pictures("train/ants/1.png", "val/ants/2.png", "val/bees/3.png")
    out = tmp_path / "sheet.png"
    heights = {}
    for split in ("Training", "PublicTest"):
        result = call("preview", "none", data, "-o", out, "--split", split)
        assert result.exit_code == 0, result.output
        heights[split] = height_of(out)
    assert heights["PublicTest"] - heights["Training"] == 154  # one row more
    result = call("preview", "none", data, "-o", out, "--split", "PrivateTest")
    assert isinstance(result.exception, DataError)


def test_classes_that_differ_by_letter_case_are_two(call, pictures, tmp_path):
    data = pictures("A/1.png", "A/2.png")
    try:
        (data / "a").mkdir()
    except FileExistsError:
        pytest.skip("this file system does not tell letter case")
    pictures("a/3.png")
    out = tmp_path / "sheet.png"
    assert call("preview", "none", data, "-o", out, "--rows", 2).exit_code == 0
    both = out.read_bytes()
    (data / "a" / "3.png").unlink()
    assert call("preview", "none", data, "-o", out, "--rows", 2).exit_code == 0
    assert out.read_bytes() != both


def test_loops_of_symbolic_links_are_passed_over(call, pictures, tmp_path):
    data = pictures("ants/1.png", "bees/2.png")
    (data / "ants" / "loop.png").symlink_to("loop.png")
    (data / "round").symlink_to(data)
    out = tmp_path / "sheet.png"
    result = call("preview", "none", data, "-o", out)
    assert result.exit_code == 0, result.output
    assert height_of(out) > 2 * 144
