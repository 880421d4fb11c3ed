"""Experiment files: flat TOML, every key known, every value checked.

There is no inheritance between files. `--set key=value` changes single keys, and the
resolved experiment is saved with the run.
"""

import json
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import ConfigDict, Field, ValidationError

from mimika.core.card import Frozen
from mimika.core.errors import ConfigError


class Experiment(Frozen):
    """One training run.

    Attributes:
        name: names the run folder and the model.
        data: path of the data set, in any form that `mimika` reads.
        backbone: a key of `models.catalogue.BACKBONES`.
        size: height and width of the network's input in pixels.
        channels: 1 (grey) or 3 (RGB).
        seed: seeds the weights, the order of the pictures and the augmentation.
        epochs: passes over the training pictures.
        batch_size: pictures a step.
        learning_rate: peak of the schedule.
        warmup_epochs: epochs of linear rise; a cosine down to zero follows.
        momentum: Nesterov momentum of SGD.
        weight_decay: L2 penalty on the weights of convolutions and linear layers.
        label_smoothing: share of the target spread over all classes.
        precision: `32-true`, or `bf16-mixed` for bfloat16 convolutions.
        accelerator: `cpu`, `cuda`, or `auto` for the best that is there.
        flip: whether half of the pictures are mirrored.
        shift: largest shift as a share of the size.
        rotation_degrees: largest rotation either way.
        zoom: largest relative change of the scale.
        contrast: largest relative change of the contrast.
        brightness: largest change of the brightness in standard deviations.
        erase: probability that a rectangle is erased.
        holdout: share of Training to select on where no labelled PublicTest exists.
    """

    model_config = ConfigDict(allow_inf_nan=False)

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=64)
    data: str
    backbone: str
    size: int = Field(default=48, ge=16, le=512)
    channels: Literal[1, 3] = 1
    seed: int = Field(default=0, ge=0, lt=2**31)
    epochs: int = Field(ge=1, le=10_000)
    batch_size: int = Field(default=128, ge=2, le=65_536)
    learning_rate: float = Field(gt=0)
    warmup_epochs: float = Field(default=2.0, ge=0)
    momentum: float = Field(default=0.9, ge=0, lt=1)
    weight_decay: float = Field(default=5e-4, ge=0)
    label_smoothing: float = Field(default=0.1, ge=0, lt=1)
    precision: Literal["32-true", "bf16-mixed"] = "32-true"
    accelerator: Literal["auto", "cpu", "cuda"] = "auto"
    flip: bool = True
    shift: float = Field(default=0.1, ge=0, lt=1)
    rotation_degrees: float = Field(default=10.0, ge=0, le=180)
    zoom: float = Field(default=0.1, ge=0, lt=1)
    contrast: float = Field(default=0.2, ge=0, lt=1)
    brightness: float = Field(default=0.2, ge=0)
    erase: float = Field(default=0.25, ge=0, le=1)
    holdout: float = Field(default=0.1, gt=0, lt=1)


def read_experiment(path: Path, changes: Sequence[str] = ()) -> Experiment:
    """Reads an experiment file and applies `key=value` changes.

    Args:
        path: the TOML file.
        changes: `key=value` each; the value is TOML, or else taken as text.

    Raises:
        ConfigError: no such file, not TOML, an unknown key or an impossible value; the
            message lists every wrong key.
    """
    if not path.is_file():
        raise ConfigError(f"no experiment file {path}; see the folder experiments/")
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not a TOML file ({error})") from error
    values |= dict(_parse_change(change) for change in changes)
    try:
        return Experiment.model_validate(values)
    except ValidationError as error:
        wrong = "; ".join(_describe(detail) for detail in error.errors())
        raise ConfigError(f"{path}: {wrong}") from error


def write_experiment(path: Path, experiment: Experiment) -> None:
    """Writes the resolved experiment as TOML that `read_experiment` reads back."""
    # JSON's strings, numbers and booleans are TOML's, but for escapes in pairs and DEL
    values = {key: json.dumps(value, ensure_ascii=False) for key, value in experiment}
    lines = [f"{k} = {v}".replace("\x7f", "\\u007f") for k, v in values.items()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _parse_change(change: str) -> tuple[str, Any]:
    key, sign, text = change.partition("=")
    if not sign or not key.strip():
        raise ConfigError(f"--set {change!r}: expected key=value")
    try:
        return key.strip(), tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return key.strip(), text.strip()


def _describe(detail: Any) -> str:
    key = ".".join(str(part) for part in detail["loc"])
    if detail["type"] == "extra_forbidden":
        known = ", ".join(sorted(Experiment.model_fields))
        return f"unknown key {key!r}; known are {known}"
    if detail["type"] == "missing":
        return f"the key {key!r} is missing"
    return f"{key} = {detail['input']!r}: {detail['msg']}"
