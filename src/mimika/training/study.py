"""A study: one question, several runs that differ in what is asked, several seeds.

A study file holds the settings that all runs share and, for each run, those that make
it different. Nothing is inherited further. Every run is an experiment of its own in a
folder of its own, so a study that was interrupted goes on where it stood.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError, model_validator

from mimika.core.card import Frozen
from mimika.core.errors import ConfigError
from mimika.training.config import Experiment
from mimika.training.config_file import make_experiment

NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"


class Study(Frozen):
    """What a study file says.

    Attributes:
        name: names the folder of the study.
        question: what is asked, in a sentence.
        seeds: each run is trained once with each.
        flip: whether each run is also judged with its mirrored pictures (test-time
            augmentation).
        shared: keys of all experiments.
        runs: keys that make a run different, by its name; the first is the baseline.
    """

    name: str = Field(pattern=NAME, max_length=40)
    question: str = Field(min_length=1)
    seeds: tuple[int, ...] = Field(default=(1,), min_length=1)
    flip: bool = False
    shared: dict[str, Any]
    runs: dict[str, dict[str, Any]] = Field(min_length=1)

    @model_validator(mode="after")
    def _is_clear(self) -> "Study":
        if len(set(self.seeds)) != len(self.seeds):
            raise ValueError(f"seeds = {list(self.seeds)}: one of them stands twice")
        for name, keys in self.runs.items():
            wrong = sorted({"seed", "name"} & (keys.keys() | self.shared.keys()))
            if wrong:
                raise ValueError(
                    f"run {name!r}: {', '.join(wrong)} is set by the study; leave "
                    "it out"
                )
        return self


@dataclass(frozen=True)
class Planned:
    """One run of a study.

    Attributes:
        run: its name in the study.
        experiment: its resolved settings.
        folder: where it is kept.
    """

    run: str
    experiment: Experiment
    folder: Path


def read_study(path: Path) -> Study:
    """Reads a study file.

    Raises:
        ConfigError: no such file, not TOML, or not a study.
    """
    if not path.is_file():
        raise ConfigError(f"no study file {path}; see the folder experiments/studies/")
    try:
        return Study.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not a TOML file ({error})") from error
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(map(str, detail['loc'])) or 'the file'}: {detail['msg']}"
            for detail in error.errors()
        )
        raise ConfigError(f"{path}: not a study: {wrong}") from error


def plan(study: Study, folder: Path) -> list[Planned]:
    """All runs of a study, one seed after the other.

    Args:
        study: what is asked.
        folder: each run has a folder in it, `RUN-SEED`.

    Raises:
        ConfigError: a run's settings are no experiment.
    """
    planned = []
    for seed in study.seeds:
        for run, keys in study.runs.items():
            values = {
                **study.shared,
                **keys,
                "seed": seed,
                "name": f"{study.name}-{run}",
            }
            experiment = make_experiment(values, f"run {run!r} of {study.name}")
            planned.append(Planned(run, experiment, folder / f"{run}-{seed}"))
    return planned
