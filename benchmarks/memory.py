"""Memory of one analyzer over many pictures.

    python benchmarks/memory.py [--pictures 20000] [--json]

JPEGs of 240 x 180 to 1280 x 960 pixels made of a photograph with one face, `fast` and
`fine` in turn. Resident memory is read at a tenth, at a half and at the end: what
matters is that it stands still after the tenth.
"""

import argparse
import io
import json

import numpy as np
from PIL import Image

import mimika
from mimika.core.memory import resident_mb
from mimika.core.results import Detail
from mimika.runtime.samples import SAMPLE_FILE

KINDS = 24
DETAILS: tuple[Detail, Detail] = ("fast", "fine")


def pictures() -> list[bytes]:
    """Files of many sizes and shapes, always the same."""
    drawn = np.random.default_rng(0)
    with Image.open(SAMPLE_FILE) as photograph:
        made = []
        for width in np.linspace(240, 1280, KINDS).astype(int).tolist():
            height = round(width * drawn.uniform(0.6, 1.3))
            buffer = io.BytesIO()
            photograph.resize((width, height)).save(buffer, "JPEG", quality=90)
            made.append(buffer.getvalue())
    return made


def main() -> None:
    """Analyses the pictures and prints the memory."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pictures", type=int, default=20_000)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    files, marks = pictures(), {asked.pictures // 10, asked.pictures // 2}
    held: dict[str, int] = {}
    with mimika.load() as analyzer:
        held["loaded"] = resident_mb()
        for number in range(asked.pictures):
            if number in marks:
                held[str(number)] = resident_mb()
            # every size is met with both details
            detail = DETAILS[number // KINDS % 2]
            analyzer.analyze(files[number % KINDS], detail=detail)
        held[str(asked.pictures)] = resident_mb()
    if asked.json:
        print(json.dumps({"resident_mb": held}))
        return
    for name, value in held.items():
        print(f"{name:>8} pictures {value:6} MiB")


if __name__ == "__main__":
    main()
