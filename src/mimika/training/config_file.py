"""Experiments as flat TOML files.

`--set key=value` changes single keys, and the resolved experiment is saved with the
run.
"""

import json
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from mimika.augmentation.policies import parse_policy
from mimika.core.errors import ConfigError
from mimika.core.files import write_text
from mimika.training.config import Experiment
from mimika.training.config_checks import BACKBONE_KEYS, RANGE_KEYS, RANGES


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
    return make_experiment(values, str(path))


def make_experiment(values: dict[str, Any], origin: str) -> Experiment:
    """An experiment of keys and values.

    Args:
        values: as TOML gives them.
        origin: where they come from, for the message.

    Raises:
        ConfigError: an unknown key or an impossible value; the message lists all.
    """
    try:
        return Experiment.model_validate(values)
    except ValidationError as error:
        wrong = "; ".join(_describe(detail) for detail in error.errors())
        raise ConfigError(f"{origin}: {wrong}") from error


def write_experiment(path: Path, experiment: Experiment) -> None:
    """Writes the resolved experiment as TOML that `read_experiment` reads back."""
    # JSON's strings, numbers and booleans are TOML's, but for escapes in pairs and DEL
    chosen = {k: v for k, v in dict(experiment).items() if v is not None}
    if experiment.augmentation != RANGES:
        chosen = {k: v for k, v in chosen.items() if k not in RANGE_KEYS}
    if experiment.strategy == "features":
        unused = BACKBONE_KEYS | RANGE_KEYS - {"flip"}
        chosen = {k: v for k, v in chosen.items() if k not in unused}
    values = {key: _as_toml(key, value) for key, value in chosen.items()}
    lines = [f"{k} = {v}".replace("\x7f", "\\u007f") for k, v in values.items()]
    write_text(path, "\n".join(lines) + "\n")


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
