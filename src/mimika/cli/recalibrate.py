"""Stores a fitted temperature in a model's card."""

from datetime import UTC, datetime
from pathlib import Path

from mimika.core.card import ModelCard
from mimika.core.errors import ConfigError
from mimika.evaluation.calibration import Calibration
from mimika.runtime.pipeline import DEFAULT_MODEL
from mimika.runtime.shelved import SHIPPED


def check_target(model: Path | None, target: Path | None) -> None:
    """Refuses a place where a temperature cannot be stored, before any work.

    Args:
        model: folder of a run or an ONNX file; None or `default` for the shipped one.
        target: the same run, or an ONNX file to write; None for nothing to store.

    Raises:
        ConfigError: another folder than the run's, or one that is not there.
    """
    if target is None:
        return
    if model is not None and model.is_dir():
        if target.resolve() != model.resolve():
            raise ConfigError(
                f"--write-to {target}: the temperature of a run is stored in its own "
                f"card: expected {model}; 'mimika export' then writes the ONNX file"
            )
    elif target.is_dir() or not target.absolute().parent.is_dir():
        raise ConfigError(
            f"--write-to {target}: expected an ONNX file to write, in a folder that "
            "is there"
        )


def store_temperature(
    model: Path | None, target: Path, card: ModelCard, fitted: Calibration
) -> float:
    """Writes a model's card with the temperature fitted on its answers.

    Args:
        model: see `check_target`.
        target: see `check_target`.
        card: the model's.
        fitted: on probabilities that the card's temperature was applied to.

    Returns:
        The temperature that the card has now.

    Raises:
        OSError: it cannot be written; what was there stays.
    """
    from mimika.export.recard import copy_with_card, write_card

    together = card.temperature * fitted.temperature
    changed = card.model_copy(
        update={
            "temperature": together,
            "calibrated_on": fitted.name,
            "created": datetime.now(UTC).date().isoformat(),
        }
    )
    if model is None or str(model) == SHIPPED:
        copy_with_card(DEFAULT_MODEL, target, changed)
    elif model.is_dir():
        write_card(model, changed)
    else:
        copy_with_card(model, target, changed)
    return together
