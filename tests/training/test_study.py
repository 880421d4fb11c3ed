"""Study files and the runs that they stand for."""

from pathlib import Path

import pytest

from mimika.core.errors import ConfigError
from mimika.training.study import plan, read_study

TEXT = """
name = "sizes"
question = "Which size?"
seeds = [1, 2]
[shared]
data = "fer2013.csv"
backbone = "compact_resnet"
epochs = 2
learning_rate = 0.1
[runs.small]
size = 40
[runs.large]
size = 64
epochs = 1
"""
STUDIES = Path(__file__).parents[2] / "experiments" / "studies"


@pytest.fixture
def write(tmp_path):
    def save(text):
        path = tmp_path / "study.toml"
        path.write_text(text)
        return path

    return save


def test_every_run_is_planned_once_with_each_seed(write, tmp_path):
    planned = plan(read_study(write(TEXT)), tmp_path / "out")
    assert [one.folder.name for one in planned] == [
        "small-1",
        "large-1",
        "small-2",
        "large-2",
    ]
    last = planned[-1].experiment
    assert (last.size, last.epochs, last.seed, last.name) == (64, 1, 2, "sizes-large")
    assert planned[0].experiment.epochs == 2


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("seeds = [1, 2]", "seeds = [1, 1]"), "one of them stands twice"),
        (("size = 40", "seed = 3"), "run 'small': seed is set by the study"),
        (("seeds = [1, 2]", "seeds = []"), "seeds: Tuple should have at least 1"),
        (("question", "asks"), "asks: Extra inputs are not permitted"),
        (('name = "sizes"', "name = "), "not a TOML file"),
    ],
)
def test_what_is_no_study_is_refused(write, change, message):
    with pytest.raises(ConfigError, match=message):
        read_study(write(TEXT.replace(*change)))


def test_a_run_that_is_no_experiment_is_named(write, tmp_path):
    study = read_study(write(TEXT.replace("size = 64", "sise = 64")))
    with pytest.raises(ConfigError, match=r"run 'large' of sizes: unknown key 'sise'"):
        plan(study, tmp_path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"no study file .*gone\.toml"):
        read_study(tmp_path / "gone.toml")


@pytest.mark.parametrize("path", sorted(STUDIES.glob("*.toml")), ids=lambda p: p.stem)
def test_the_studies_of_the_repository_can_be_planned(path, tmp_path):
    study = read_study(path)
    assert len(plan(study, tmp_path)) == len(study.runs) * len(study.seeds)
