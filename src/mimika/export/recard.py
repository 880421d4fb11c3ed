"""Gives a model another card, such as one with a fitted temperature; needs no torch."""

from pathlib import Path

import onnx

from mimika.core.card import CARD_KEY, ModelCard
from mimika.core.files import replacing, write_text

CARD = "card.json"


def write_card(run: Path, card: ModelCard) -> None:
    """Replaces the card of a run.

    Args:
        run: the run's folder.
        card: of the same weights.

    Raises:
        OSError: it cannot be written; the former card stays.
    """
    write_text(run / CARD, card.model_dump_json(indent=2) + "\n")


def copy_with_card(model: Path, output: Path, card: ModelCard) -> None:
    """Writes an ONNX file again with another card in its metadata.

    Args:
        model: the ONNX file; everything in it but the card is kept.
        output: the file to write, which may be the same; its folder exists.
        card: of the same weights.

    Raises:
        OSError: it cannot be written; a former file stays.
    """
    content = onnx.load(model)
    properties = {item.key: item.value for item in content.metadata_props}
    properties[CARD_KEY] = card.model_dump_json()
    onnx.helper.set_model_props(content, properties)
    with replacing(output) as partial:
        onnx.save(content, partial)
