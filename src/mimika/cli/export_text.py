"""What `mimika export` says: text for people, JSON for programs."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from mimika.export.parity import Parity
from mimika.export.precision import Precision, Variant


@dataclass(frozen=True)
class Found:
    """What was written, and what it was chosen from.

    Attributes:
        output: the file.
        kept: its precision.
        variants: all that were measured; none without labelled pictures.
        parity: how near the ONNX file is to the checkpoint; None for an ONNX file.
    """

    output: Path
    kept: Precision
    variants: Sequence[Variant]
    parity: Parity | None


def found_text(found: Found) -> str:
    """What was written, and a table of what it was chosen from."""
    lines = [f"{found.output}: {found.kept}, {_mb(found.output):.2f} MB"]
    if found.parity is not None:
        lines.append(
            f"on {found.parity.images} pictures the largest difference of a "
            f"probability to the checkpoint's is {found.parity.largest_difference:.1e} "
            f"(fp32), and {found.parity.same_answers} answers are the same"
        )
    if found.variants:
        judged = found.variants[0].figures["accuracy"]
        lines += [
            f"on {judged.images:,} pictures of {judged.split}, one thread:",
            "",
            f"{'':6} {'accuracy':>8} {'macro-F1':>8} {'ms':>7} {'MB':>6}",
        ]
    for x in found.variants:
        mark = "  written" if x.precision == found.kept else ""
        lines.append(
            f"{x.precision:6} {x.accuracy:8.4f} {x.figures['macro_f1'].value:8.4f} "
            f"{x.ms:7.2f} {_mb(x.file):6.2f}{mark}"
        )
    return "\n".join(lines)


def found_json(found: Found) -> str:
    """The same for programs."""
    variants = [
        {
            "precision": x.precision,
            "milliseconds": x.ms,
            "megabytes": _mb(x.file),
            "metrics": {k: v.model_dump(mode="json") for k, v in x.figures.items()},
        }
        for x in found.variants
    ]
    entry: dict[str, Any] = {
        "file": str(found.output),
        "precision": found.kept,
        "variants": variants,
        "parity": None if found.parity is None else asdict(found.parity),
    }
    return json.dumps(entry, indent=2)


def _mb(file: Path) -> float:
    return file.stat().st_size / 1e6
