"""`mimika models`: the models that this machine offers."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

import click

from mimika.core.card import ModelCard
from mimika.core.home import home_folder
from mimika.runtime.classifier import OnnxClassifier
from mimika.runtime.pipeline import DEFAULT_MODEL
from mimika.runtime.shelf import Shelf

EXAMPLE = (
    "\b\nExamples:\n"
    "  mimika models add parts learned/model.onnx\n"
    "  mimika models list\n"
    "  mimika models default parts\n"
    "  mimika models remove parts"
)
MOST_NAMED = 6  # classes in a line


class Models(click.Group):
    """The group; tells who looks for networks where they are."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Finds the command of the group.

        Raises:
            UsageError: there is none of this name.
        """
        if args and args[0] not in self.commands:
            raise click.UsageError(
                f"no command {args[0]!r}; expected {', '.join(self.commands)}. The "
                "networks that can be trained are listed by 'mimika networks'"
            )
        return super().resolve_command(ctx, args)


@click.group("models", cls=Models, epilog=EXAMPLE)
def command() -> None:
    """Add, list and remove models beside the one that comes with mimika.

    They are kept under MIMIKA_HOME and used by their name or task: by 'mimika predict
    --model NAME', mimika.load("NAME"), the processing service and the web application,
    which need no restart.
    """


@command.command("add")
@click.argument("name")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Replace a model of that name.")
def add(name: str, file: Path, replace: bool) -> None:
    """Check a model and keep a copy of it under a name."""
    added = shelf().add(name, file, replace=replace)
    card = added.card
    spec = card.preprocess
    click.echo(
        f"{name}: {card.architecture}, task {card.task}, {classes_of(card)}; input "
        f"{spec.size} px {'RGB' if spec.channels == 3 else 'grey'}, {spec.fit}"
    )
    click.echo("It opens, fits its card and answers.")


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def list_models(as_json: bool) -> None:
    """List the models that this machine offers."""
    kept = shelf()
    default = kept.default()
    shipped = OnnxClassifier(DEFAULT_MODEL).card
    rows = [row_of(shipped, default is None, "with mimika")]
    rows += [row_of(one.card, one.name == default, one.added) for one in kept.models()]
    damaged = kept.damaged()
    if as_json:
        click.echo(json.dumps({"models": rows, "damaged": damaged}))
        return
    click.echo("\n".join(table_of(rows)))
    for name, cause in damaged.items():
        click.echo(f"{name}: damaged: {cause}", err=True)


@command.command("remove")
@click.argument("name")
def remove(name: str) -> None:
    """Remove a model that was added."""
    kept = shelf()
    was_default = kept.default() == name
    kept.remove(name)
    click.echo(f"{name} is removed.")
    if was_default:
        click.echo("The model that comes with mimika is the default again.")


@command.command("default")
@click.argument("name")
def default_model(name: str) -> None:
    """Have a model answer where the service is asked for none.

    NAME is one that was added, or 'emotion' for the model that comes with mimika.
    """
    shipped = OnnxClassifier(DEFAULT_MODEL).card
    is_shipped = name in (shipped.name, shipped.task)
    shelf().set_default(None if is_shipped else name)
    click.echo(f"{name} is the default.")


def shelf() -> Shelf:
    """The shelf under MIMIKA_HOME."""
    return Shelf(home_folder(os.environ))


def row_of(card: ModelCard, is_default: bool, added: str) -> dict[str, object]:
    """What is listed of a model."""
    accuracy = card.metrics.get("accuracy")
    return {
        "name": card.name,
        "task": card.task,
        "classes": list(card.labels),
        "size": card.preprocess.size,
        "accuracy": None if accuracy is None else accuracy.model_dump(mode="json"),
        "digest": card.digest,
        "is_default": is_default,
        "added": added,
    }


def table_of(rows: Sequence[dict[str, object]]) -> list[str]:
    """The rows as lines of text, in columns."""
    lines = [("name", "task", "accuracy", "added", "classes")]
    for row in rows:
        accuracy = row["accuracy"]
        figure = "-"
        if isinstance(accuracy, dict):
            value, low, high = (100 * accuracy[key] for key in ("value", "low", "high"))
            figure = f"{value:.1f} % ({low:.1f} to {high:.1f})"
        name = f"{row['name']}{' (default)' if row['is_default'] else ''}"
        labels = row["classes"]
        classes = named(labels) if isinstance(labels, list) else ""
        lines.append((name, str(row["task"]), figure, str(row["added"]), classes))
    widths = [max(len(line[place]) for line in lines) for place in range(4)]
    return [
        "  ".join(
            [*(f"{text:<{w}}" for text, w in zip(line, widths, strict=False)), line[4]]
        )
        for line in lines
    ]


def classes_of(card: ModelCard) -> str:
    """`2 classes: large, small`."""
    return f"{len(card.labels)} classes: {named(card.labels)}"


def named(labels: Sequence[str]) -> str:
    """The first classes of a model."""
    more = ", ..." if len(labels) > MOST_NAMED else ""
    return ", ".join(labels[:MOST_NAMED]) + more
