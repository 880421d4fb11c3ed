"""Keeps a run's weights in half the bytes, for machines that give back little.

    python experiments/campaign/halve.py runs/single-1 TARGET

Copies best.ckpt with float16 weights, and card.json with their digest, to a new folder,
which mimika evaluates, predicts with and exports like any run.
"""

import shutil
import sys
from pathlib import Path

from mimika.core.card import parse_card
from mimika.export.recard import write_card
from mimika.models.checkpoint import load_checkpoint, save_checkpoint, weights_digest


def main(run: Path, target: Path) -> None:
    """Writes the smaller copy."""
    state = load_checkpoint(run / "best.ckpt")
    weights = {
        name: value.half() if value.is_floating_point() else value
        for name, value in state["weights"].items()
    }
    kept = {key: state[key] for key in ("experiment", "doublings") if key in state}
    card = parse_card((run / "card.json").read_text(encoding="utf-8"), str(run))
    card = card.model_copy(update={"digest": weights_digest(weights)})
    target.mkdir(parents=True, exist_ok=True)
    save_checkpoint(target / "best.ckpt", {"weights": weights, **kept})
    write_card(target, card)
    shutil.copy(run / "config.toml", target)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
