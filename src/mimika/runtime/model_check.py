"""Whether a file can be put on the shelf, and in one sentence why not."""

import re
from pathlib import Path

from mimika.core.card import ModelCard
from mimika.core.errors import ModelError

MOST_BYTES = 100_000_000
FEWEST_CLASSES, MOST_CLASSES, MOST_LETTERS = 2, 1000, 100
DIGEST = re.compile(r"[0-9a-f]{64}")
WRITERS = "'mimika export' or 'mimika learn'"
HEAD_BYTES = 512

# what ONNX Runtime says of a file that is ONNX, and what that means
CAUSES: dict[str, str] = {
    "external data": "its weights lie in other files beside it, and a model has to be "
    "one file",
    "opset": "it was written for operators (opset) that the ONNX Runtime here does not "
    "know",
    "not a registered function": "it has operators of its own",
    "no op registered": "it has operators that ONNX Runtime does not know",
}


def check_size(file: Path) -> None:
    """Refuses what is no file, empty or too large.

    Raises:
        ModelError: it is one of these.
    """
    if file.is_dir():
        raise ModelError(f"{file}: is a folder; give the path of the .onnx file in it")
    if not file.is_file():
        raise ModelError(f"{file}: no such file; give the path of an .onnx file")
    size = file.stat().st_size
    if not 0 < size <= MOST_BYTES:
        raise ModelError(
            f"{file}: has {size / 1e6:,.1f} MB; expected at most {MOST_BYTES / 1e6:g} "
            "MB, and not an empty file"
        )


def check_model(file: Path) -> ModelCard:
    """Opens a model, tries it and says what it is.

    Raises:
        ModelError: it cannot be used; the message says why.
    """
    from mimika.runtime.classifier import OnnxClassifier  # opens ONNX Runtime

    check_size(file)
    try:
        card = OnnxClassifier(file).card  # tries it on two black pictures
    except ModelError as error:
        raise ModelError(explained(file, str(error))) from error
    check_card(card, file)
    return card


def check_card(card: ModelCard, file: Path) -> None:
    """Refuses classes and digests with which nobody can work.

    Raises:
        ModelError: the card has such.
    """
    labels = card.labels
    if not FEWEST_CLASSES <= len(labels) <= MOST_CLASSES:
        raise ModelError(
            f"{file}: has {len(labels)} classes; expected {FEWEST_CLASSES} to "
            f"{MOST_CLASSES}"
        )
    if not all(0 < len(label.strip()) <= MOST_LETTERS for label in labels):
        raise ModelError(
            f"{file}: its card names a class with no letters or more than "
            f"{MOST_LETTERS}; export it again"
        )
    if len(set(labels)) < len(labels):
        raise ModelError(f"{file}: its card names a class twice; export it again")
    if not DIGEST.fullmatch(card.digest):
        raise ModelError(
            f"{file}: its card has no digest of the weights, which answers are known "
            "by; export it again"
        )


def explained(file: Path, words: str) -> str:
    """An error of ONNX Runtime in words for people, or as it is.

    Args:
        file: which was tried.
        words: what came of it.
    """
    words = " ".join(words.split())
    if "ONNX Runtime cannot open it" not in words:
        return words
    low = words.lower()
    cause = next((text for sign, text in CAUSES.items() if sign in low), None)
    foreign = kind_of(file.read_bytes()[:HEAD_BYTES])
    if cause is None and foreign is not None:
        cause = f"it is {foreign}, not a model of mimika"
    if cause is None:
        cause = "it is damaged, or no ONNX file"
    return (
        f"{file}: ONNX Runtime cannot open it: {cause}; expected an .onnx file that "
        f"{WRITERS} wrote"
    )


def kind_of(head: bytes) -> str | None:
    """What a file that is no ONNX is by its first bytes; None for who knows."""
    if head.startswith((b"PK\x03\x04", b"\x80\x02", b"\x80\x04")):
        return "a file of PyTorch or a zip archive"
    if head[4:8] == b"TFL3":
        return "a file of TensorFlow Lite"
    if head.startswith(b"\x89HDF"):
        return "an HDF5 file, as Keras writes"
    if head[8:10] == b'{"':
        return "a file of safetensors"
    if head.startswith((b"\x89PNG", b"\xff\xd8\xff", b"RIFF", b"BM")):
        return "a picture"
    is_text = all(byte in b"\t\r\n" or 32 <= byte < 127 for byte in head)
    return "a text file" if is_text else None
