"""Experiment files: flat TOML, every key known, every value checked.

There is no inheritance between files. `--set key=value` changes single keys, and the
resolved experiment is saved with the run.
"""

import json
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import ConfigDict, Field, ValidationError, model_validator

from mimika.augmentation.policies import parse_policy
from mimika.core.card import Frozen
from mimika.core.errors import ConfigError
from mimika.core.preprocess import ENLARGING
from mimika.data.samples import SIDE

RANGES = "ranges"
RANGE_KEYS = frozenset(
    ("flip", "shift", "rotation_degrees", "zoom", "contrast", "brightness", "erase")
)
LEARNED = "learned:"
LEARNED_SIZES = (2 * SIDE, 4 * SIDE, 8 * SIDE)


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
        upscaling: how pictures are enlarged to `size`: `nearest`, `bilinear`,
            `bicubic`, `lanczos`, or `learned:FILE` with what `mimika upscaler` wrote;
            the learned one doubles the size and is trained on with the network.
        augmentation: `ranges` for the seven keys below, a policy's name, or its list of
            transforms: see `augmentation.policies`.
        augmented_on: `cpu`, picture by picture, or `device`, in batches there.
        flip: whether half of the pictures are mirrored.
        shift: largest shift as a share of the size.
        rotation_degrees: largest rotation either way.
        zoom: largest relative change of the scale.
        contrast: largest relative change of the contrast.
        brightness: largest change of the brightness in standard deviations.
        erase: probability that a rectangle is erased.
        holdout: share of Training to select on where no labelled PublicTest exists.
        split_file: what `mimika split` wrote, instead of the data set's own splits.
        select_part: the part of that file to select on; the others are trained on, but
            for pictures of PrivateTest and pictures without a label.
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
    upscaling: str = "bilinear"
    augmentation: str | tuple[dict[str, Any], ...] = RANGES
    augmented_on: Literal["cpu", "device"] = "cpu"
    flip: bool = True
    shift: float = Field(default=0.1, ge=0, lt=1)
    rotation_degrees: float = Field(default=10.0, ge=0, le=180)
    zoom: float = Field(default=0.1, ge=0, lt=1)
    contrast: float = Field(default=0.2, ge=0, lt=1)
    brightness: float = Field(default=0.2, ge=0)
    erase: float = Field(default=0.25, ge=0, le=1)
    holdout: float = Field(default=0.1, gt=0, lt=1)
    split_file: str = ""
    select_part: str = ""

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        check_augmentation(self)
        check_upscaling(self)
        if bool(self.split_file) != bool(self.select_part):
            raise ValueError("split_file and select_part belong together: give both")
        return self

    @property
    def upscaler_file(self) -> Path | None:
        """The learned upscaler, if there is to be one."""
        is_learned = self.upscaling.startswith(LEARNED)
        return Path(self.upscaling.removeprefix(LEARNED)) if is_learned else None

    @property
    def doublings(self) -> int:
        """How often the learned upscaler doubles the size of a picture."""
        return (self.size // SIDE).bit_length() - 1 if self.upscaler_file else 0

    @property
    def input_size(self) -> int:
        """Height and width of what preprocessing makes, in pixels."""
        return self.size >> self.doublings

    @property
    def interpolation(self) -> str:
        """How preprocessing enlarges pictures."""
        return "bilinear" if self.upscaler_file else self.upscaling


def check_augmentation(experiment: "Experiment") -> None:
    """Refuses a policy that does not exist, and ranges that it would leave unused.

    Raises:
        ConfigError: no such policy or transform, or an impossible range.
        ValueError: ranges beside a policy.
    """
    if experiment.augmentation == RANGES:
        if experiment.augmented_on == "device":
            raise ValueError('augmented_on = "device" needs a policy as augmentation')
        return
    parse_policy(experiment.augmentation)
    unused = sorted(RANGE_KEYS & experiment.model_fields_set)
    if unused:
        raise ValueError(
            f"{', '.join(unused)} would not be used: they belong to augmentation = "
            f'"{RANGES}"; leave them out'
        )


def check_upscaling(experiment: "Experiment") -> None:
    """Refuses an unknown way, and sizes that a learned upscaler cannot reach.

    Raises:
        ValueError: as said.
    """
    if experiment.upscaler_file is None:
        if experiment.upscaling not in ENLARGING:
            raise ValueError(
                f"upscaling = {experiment.upscaling!r}: expected one of "
                f"{', '.join(ENLARGING)}, or {LEARNED}FILE"
            )
    elif experiment.size not in LEARNED_SIZES:
        raise ValueError(
            f"size = {experiment.size}: a learned upscaler doubles {SIDE} pixels once "
            f"or more; expected one of {', '.join(map(str, LEARNED_SIZES))}"
        )


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
    chosen = dict(experiment)
    if experiment.augmentation != RANGES:
        chosen = {k: v for k, v in chosen.items() if k not in RANGE_KEYS}
    values = {key: _as_toml(key, value) for key, value in chosen.items()}
    lines = [f"{k} = {v}".replace("\x7f", "\\u007f") for k, v in values.items()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _as_toml(key: str, value: Any) -> str:
    if key == "augmentation" and not isinstance(value, str):
        return parse_policy(value).to_toml()
    return json.dumps(value, ensure_ascii=False)


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
    if not key:  # about several keys at once
        return str(detail["msg"]).removeprefix("Value error, ")
    if detail["type"] == "extra_forbidden":
        known = ", ".join(sorted(Experiment.model_fields))
        return f"unknown key {key!r}; known are {known}"
    if detail["type"] == "missing":
        return f"the key {key!r} is missing"
    return f"{key} = {detail['input']!r}: {detail['msg']}"
