"""`mimika networks`: the networks by name, their size, speed and licence."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

import click

from mimika.core.preprocess import PreprocessSpec
from mimika.models.backbones import folded, published, timm_names
from mimika.models.catalogue import CATALOGUE, NetworkSpec, create_network, entry_of
from mimika.models.costs import count_multiply_adds, count_parameters, latency_ms

EXAMPLE = (
    "\b\nExamples:\n"
    "  mimika networks --size 48\n"
    "  mimika networks resnet18 regnety_002 --size 96 --channels 3\n"
    "  mimika networks --all-timm 'regnet*'"
)
MISSING = "-"
HEADER = ("name", "parameters", "mult-adds", "px", "ms", "from px", "weights", "")


@dataclass(frozen=True)
class Row:
    """What a network costs.

    Attributes:
        name: of the catalogue or of timm.
        parameters: number of trained values.
        multiply_adds: for one picture of `size`.
        size: height and width that the figures are for, in pixels.
        latency_ms: milliseconds for one picture; None where nobody measured.
        minimum_size: in pixels; None where it is not known.
        licence: of the published weights; None where there are none or it is not
            known.
        description: one line.
    """

    name: str
    parameters: int
    multiply_adds: int
    size: int
    latency_ms: float | None
    minimum_size: int | None
    licence: str | None
    description: str


@click.command("networks", epilog=EXAMPLE)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "--size",
    type=click.IntRange(8, 1024),
    default=48,
    show_default=True,
    help="Height and width of the pictures in pixels.",
)
@click.option(
    "--channels",
    type=click.Choice(["1", "3"]),
    default="1",
    show_default=True,
    help="1 for grey pictures, 3 for RGB.",
)
@click.option(
    "--classes",
    type=click.IntRange(1),
    default=7,
    show_default=True,
    help="Number of classes to tell apart.",
)
@click.option("--no-time", is_flag=True, help="Do not measure milliseconds.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option(
    "--all-timm",
    "pattern",
    metavar="FILTER",
    help="Only list timm's networks of such names, with * and ?.",
)
def command(
    names: Sequence[str],
    size: int,
    channels: str,
    classes: int,
    no_time: bool,
    as_json: bool,
    pattern: str | None,
) -> None:
    """List the networks that can be trained, and what each of them costs.

    Without a NAME, all of the catalogue; any other network of timm can be named, too.
    """
    if pattern is not None:
        if names:
            raise click.UsageError("NAME and --all-timm do not go together")
        list_timm(pattern, as_json)
        return
    specs = [
        NetworkSpec(name, int(channels), max(size, entry_of(name).minimum), classes)
        for name in names or CATALOGUE
    ]
    rows = list(measure(specs, and_time=not no_time))
    if as_json:
        click.echo(json.dumps([asdict(row) for row in rows]))
        return
    click.echo("\n".join(describe(rows, int(channels), classes, size)))


def measure(specs: Sequence[NetworkSpec], and_time: bool) -> Iterator[Row]:
    """Makes one network after the other, and keeps none of them."""
    for number, spec in enumerate(specs, start=1):
        click.echo(f"{number}/{len(specs)} {spec.backbone}", err=True)
        yield cost(spec, and_time)


def cost(spec: NetworkSpec, and_time: bool) -> Row:
    """What one network costs.

    Raises:
        ConfigError: no network has this name, or it cannot have this size.
    """
    entry = entry_of(spec.backbone)
    network = folded(create_network(spec))
    zeros, ones = (0.0,) * spec.channels, (1.0,) * spec.channels
    inputs = PreprocessSpec(
        size=spec.size, channels=spec.channels, mean=zeros, std=ones
    )
    return Row(
        name=spec.backbone,
        parameters=count_parameters(network),
        multiply_adds=count_multiply_adds(network, inputs),
        size=spec.size,
        latency_ms=latency_ms(network, inputs) if and_time else None,
        minimum_size=entry.minimum if spec.backbone in CATALOGUE else None,
        licence=licence(entry.published_as),
        description=entry.description,
    )


def licence(source: str | None) -> str | None:
    """The licence of a network's published weights, as their publisher states it."""
    weights = None if source is None else published(source)
    return None if weights is None else weights.licence


def describe(rows: Sequence[Row], channels: int, classes: int, size: int) -> list[str]:
    """The rows as a table for people."""
    lines = [HEADER, *(_cells(row, size) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    table = [
        "  ".join(
            cell.ljust(width) if place in (0, 6, 7) else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    ]
    plural = "s" if channels > 1 else ""
    notes = [
        f"Pictures of {size} px, {channels} channel{plural}, {classes} classes.",
        "ms: median for one picture on one thread of this CPU, in torch.",
        "weights: licence of the published ones, as their publisher states it.",
        "",
    ]
    if any(row.size != size for row in rows):
        return [*notes, *table, "", "* its smallest size"]
    return [*notes, *table]


def _cells(row: Row, size: int) -> tuple[str, ...]:
    ms = MISSING if row.latency_ms is None else f"{row.latency_ms:.1f}"
    return (
        row.name,
        f"{row.parameters / 1e6:.2f} M",
        f"{row.multiply_adds / 1e6:,.0f} M",
        f"{row.size}{'' if row.size == size else '*'}",
        ms,
        MISSING if row.minimum_size is None else str(row.minimum_size),
        row.licence or MISSING,
        row.description,
    )


def list_timm(pattern: str, as_json: bool) -> None:
    """Prints timm's networks of some names, with the licences of their weights.

    Raises:
        click.UsageError: there are none.
    """
    names = timm_names(pattern)
    if not names:
        raise click.UsageError(
            f"--all-timm {pattern!r}: timm has no network of such a name; try '*' and "
            "a part of it"
        )
    found = {name: licence(name) for name in names}
    if as_json:
        rows = [{"name": name, "licence": terms} for name, terms in found.items()]
        click.echo(json.dumps(rows))
        return
    width = max(map(len, names))
    for name, terms in found.items():
        click.echo(f"{name:{width}}  {terms or MISSING}")
