"""From a run folder to one ONNX file with its card inside."""

import contextlib
import logging
import tempfile
from collections.abc import Iterator
from pathlib import Path

import onnx
import torch
from torch import nn

from mimika.core.card import CARD_KEY, ModelCard, parse_card
from mimika.core.errors import ModelError
from mimika.core.preprocess import UInt8Array
from mimika.export.parity import Parity, check_parity
from mimika.models.backbones import folded
from mimika.models.catalogue import NetworkSpec, assemble
from mimika.models.checkpoint import (
    State,
    load_checkpoint,
    load_weights,
    weights_digest,
)
from mimika.models.classifier import TorchClassifier
from mimika.runtime.classifier import OnnxClassifier

OPSET = 20
CHECKPOINT, CARD = "best.ckpt", "card.json"


def export_run(run: Path, output: Path, images: UInt8Array) -> Parity:
    """Writes a run's best checkpoint as ONNX, if the two agree.

    Args:
        run: the run's folder, with `best.ckpt` and `card.json`.
        output: the file to write; replaced in one step, or left as it was.
        images: uint8 (N, H, W), real pictures to compare the two on.

    Raises:
        ModelError: the folder holds no finished run, or its card belongs to other
            weights.
        ParityError: the exported model answers differently.
    """
    classifier = load_classifier(run)
    output.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=output.parent, prefix=".export-") as folder:
        partial = Path(folder) / "model.onnx"
        write_onnx(classifier.network, classifier.card, partial)
        parity = check_parity(classifier, OnnxClassifier(partial), images)
        partial.replace(output)
    return parity


def load_classifier(run: Path) -> TorchClassifier:
    """The best checkpoint of a run, ready to classify.

    Raises:
        ModelError: no finished run, or a card that belongs to other weights.
    """
    state = load_checkpoint(run / CHECKPOINT)
    card = read_card(run)
    if weights_digest(state["weights"]) != card.digest:
        raise ModelError(
            f"{run / CARD} describes other weights than {CHECKPOINT}; finish the run "
            "with 'mimika train ... --resume'"
        )
    network = network_of(state, card)
    load_weights(network, state, run / CHECKPOINT)
    return TorchClassifier(network, card)


def read_card(run: Path) -> ModelCard:
    """The card of a run.

    Raises:
        ModelError: no finished run, or the card is damaged.
    """
    card_file = run / CARD
    if not run.is_dir():
        raise ModelError(
            f"{run}: no such folder; name one that 'mimika train' wrote, or train first"
        )
    if not card_file.is_file():
        raise ModelError(
            f"{run}: no {CARD}, so the run is not finished; go on with "
            "'mimika train ... --resume'"
        )
    return parse_card(card_file.read_text(encoding="utf-8"), str(card_file))


def network_of(state: State, card: ModelCard) -> nn.Module:
    """The network of a checkpoint, with fresh weights.

    Args:
        state: what `load_checkpoint` gave; older ones say nothing of head and dropout.
        card: gives the inputs and the classes.
    """
    experiment, doublings = state["experiment"], state.get("doublings", 0)
    spec = NetworkSpec(
        backbone=experiment["backbone"],
        channels=card.preprocess.channels,
        size=card.preprocess.size << doublings,
        classes=len(card.labels),
        dropout=experiment.get("dropout"),
        drop_path=experiment.get("drop_path", 0.0),
        head=experiment.get("head", "linear"),
    )
    return assemble(spec, card.preprocess, doublings)


def write_onnx(network: nn.Module, card: ModelCard, path: Path) -> None:
    """Writes a network with a dynamic batch and the card in its metadata.

    Branches that serve training alone are folded away.

    The input is `input`, float32 (batch, C, size, size), normalised as the card says;
    the output is `logits`, float32 (batch, K).
    """
    spec = card.preprocess
    # two pictures: the exporter takes a size of one for a constant
    example = torch.zeros(2, spec.channels, spec.size, spec.size)
    with quiet_exporter():
        program = torch.onnx.export(
            folded(network.eval()).to(memory_format=torch.contiguous_format),  # type: ignore[call-overload]  # missing in torch's stubs
            (example,),
            input_names=["input"],
            output_names=["logits"],
            dynamic_shapes=({0: torch.export.Dim("batch")},),
            opset_version=OPSET,
            dynamo=True,
            verbose=False,
        )
    if program is None:
        raise ModelError("torch gave no ONNX program for this network")
    model = program.model_proto
    # the exporter notes the source lines of every node: paths of this machine
    for node in model.graph.node:
        del node.metadata_props[:]
        node.doc_string = ""
    del model.graph.metadata_props[:]
    onnx.helper.set_model_props(model, {CARD_KEY: card.model_dump_json()})
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, path)


@contextlib.contextmanager
def quiet_exporter() -> Iterator[None]:
    """Keeps the exporter's advice for developers off the screen."""
    log = logging.getLogger("torch.onnx")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(level)
