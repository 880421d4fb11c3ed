"""`mimika bench`: how fast this machine is."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast

import click

from mimika.cli.options import hardware_options
from mimika.core.images import read_picture
from mimika.core.memory import peak_mb
from mimika.core.results import Detail
from mimika.runtime.bench import (
    Spread,
    machine,
    time_batches,
    time_stages,
)
from mimika.runtime.hardware import Hardware
from mimika.runtime.samples import SAMPLE_FILE
from mimika.runtime.shelved import load_by_name

BATCHES = (1, 2, 4, 8, 16, 32, 64)


@click.command(
    "bench",
    epilog="\b\nExamples:\n"
    "  mimika bench\n"
    "  mimika bench --threads 2 --detail fine photo.jpg\n"
    "  mimika bench --json > bench.json",
)
@click.argument(
    "pictures", nargs=-1, type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
@click.option(
    "--detail",
    type=click.Choice(["fast", "fine"]),
    default="fast",
    show_default=True,
    help="How carefully faces are looked for.",
)
@hardware_options
@click.option(
    "--rounds",
    type=click.IntRange(1),
    default=200,
    show_default=True,
    help="How many analyses are timed.",
)
@click.option(
    "--model",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A model that 'mimika export' wrote.  [default: the one in the package]",
)
@click.option("--json", "as_json", is_flag=True, help="Write JSON for programs.")
def command(
    pictures: tuple[Path, ...],
    detail: str,
    hardware: Hardware,
    rounds: int,
    model: Path | None,
    as_json: bool,
) -> None:
    """Measure decoding, detection, cropping and classification on this machine.

    Without PICTURES, a photograph of 640 x 480 pixels with one face that comes with
    mimika. Run it while the machine does nothing else.
    """
    files = [path.read_bytes() for path in pictures or (SAMPLE_FILE,)]
    for data in files:
        read_picture(data)  # an unusable one is named before anything is timed
    analyzer = load_by_name(model, hardware)
    stages = time_stages(analyzer, files, cast(Detail, detail), rounds)
    batches = time_batches(analyzer, BATCHES, max(1, rounds // 10))
    found: dict[str, Any] = {
        "machine": machine(),
        "model": analyzer.card.name,
        "threads": hardware.thread_count,
        "provider": analyzer.provider,
        "detail": detail,
        "pictures": [path.name for path in pictures] or [SAMPLE_FILE.name],
        "rounds": rounds,
        "milliseconds": {name: asdict(spread) for name, spread in stages.items()},
        "faces_per_s": batches,
        "peak_memory_mb": peak_mb(),
    }
    click.echo(json.dumps(found, indent=2) if as_json else _text(found, stages))


def _text(found: Mapping[str, Any], stages: Mapping[str, Spread]) -> str:
    """The figures as tables."""
    machine = found["machine"]
    lines = [
        f"{machine['cpu']}, {machine['cores']} cores; threads: {found['threads']}, "
        f"provider: {found['provider']}",
        ", ".join(f"{k} {v}" for k, v in machine.items() if k not in ("cpu", "cores")),
        f"model {found['model']}, detail {found['detail']}, {found['rounds']} rounds "
        f"of {', '.join(found['pictures'])}",
        "",
        f"{'milliseconds':14} {'p50':>8} {'p95':>8} {'p99':>8}",
    ]
    lines += [
        f"{name:14} {s.p50:8.2f} {s.p95:8.2f} {s.p99:8.2f}"
        for name, s in stages.items()
    ]
    lines += ["", f"{'batch':14} {'faces a second':>14}"]
    lines += [f"{n:<14} {rate:14.0f}" for n, rate in found["faces_per_s"].items()]
    if found["peak_memory_mb"] is not None:
        lines += ["", f"peak memory    {found['peak_memory_mb']:.0f} MiB"]
    return "\n".join(lines)
