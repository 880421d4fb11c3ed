"""What can be set for `mimika learn`."""

from dataclasses import dataclass
from pathlib import Path

from mimika.core.fitting import Fit

FOLDS, REPEATS = 5, 3
FIT: Fit = "crop"


@dataclass(frozen=True)
class Settings:
    """What a search is to do.

    Attributes:
        data: class folders, or a csv of paths and labels.
        home: folder of all state.
        name: of the model and its task; empty for that of the data.
        backbones: pretrained networks to try; none for the usual ones.
        weights: folder with their files; None to look in the usual places.
        fit: how pictures that are not square become square.
        folds: of each repeat, at most.
        repeats: how often the pictures are divided, each time with another seed.
        seed: of everything that is drawn.
        command: the command line, for the card.
    """

    data: Path
    home: Path
    name: str = ""
    backbones: tuple[str, ...] = ()
    weights: Path | None = None
    fit: Fit = FIT
    folds: int = FOLDS
    repeats: int = REPEATS
    seed: int = 1
    command: str = "mimika learn"
