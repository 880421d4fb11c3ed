"""Sections of the report on a model: summary, clean subset, classes, cost, limits."""

from mimika.core.card import ModelCard
from mimika.evaluation.cost import Cost
from mimika.evaluation.intervals import Interval
from mimika.evaluation.judgement import Judged, Judgement, Views
from mimika.evaluation.metrics import Evaluation
from mimika.evaluation.tta import views_of
from mimika.reporting.charts import Axis, heatmap
from mimika.reporting.page import (
    Block,
    Fact,
    Facts,
    Remark,
    Remarks,
    Section,
    Text,
    paragraphs,
)
from mimika.reporting.tables import Cell, Table, number, percent, row

INTERVALS = (
    "In brackets 95 % intervals: Wilson's for shares of pictures, the percentile "
    "bootstrap for the others. The gain is that of test-time augmentation over plain "
    "answers, paired by picture. ECE is the expected calibration error."
)
CLEAN = (
    "Some pictures of the split have a copy or near-copy in Training. These are the "
    "figures without them: what the model knows beyond what it was shown."
)
CONFUSION = (
    "Rows are the true classes, columns the answers: per cent of the row, and the "
    "number of pictures."
)
CLASSES = (
    "Precision: share of the answers that are right. Recall: share of the class's "
    "pictures that are found."
)
MOST_CLASSES = 16  # in the plot of the confusion matrix


def summary(judgement: Judgement) -> Section:
    """The figures that one wants first, then all with their intervals."""
    plain, views = judgement.whole.plain, judgement.whole.views
    facts = [
        Fact(percent(plain.accuracy.value), "accuracy", _ends(plain.accuracy)),
        Fact(percent(plain.macro_f1.value), "macro-F1", _ends(plain.macro_f1)),
        Fact(
            percent(plain.balanced_accuracy.value),
            "balanced accuracy",
            _ends(plain.balanced_accuracy),
        ),
    ]
    if views is not None:
        best = views.evaluation.accuracy
        name = f"accuracy over {views_of(views.kind)} views ({views.kind})"
        facts.insert(1, Fact(percent(best.value), name, _ends(best)))
    blocks: list[Block] = [Facts(tuple(facts)), figures_table(judgement.whole)]
    if judgement.notes:
        remarks = (Remark("note", note) for note in judgement.notes)
        blocks.append(Remarks(tuple(remarks)))
    return Section("summary", "Summary", tuple(blocks))


def clean(judged: Judged, of: Judged) -> Section:
    """The figures without near-copies of Training pictures."""
    lost = of.plain.images - judged.plain.images
    share = percent(lost / of.plain.images)
    facts = Facts(
        (
            Fact(number(judged.plain.images), "pictures without a near-copy"),
            Fact(number(lost), "left out", f"{share} of {of.name}"),
        )
    )
    return Section(
        "clean", "Clean subset", (Text(CLEAN, True), facts, figures_table(judged))
    )


def figures_table(judged: Judged) -> Table:
    """Figures with intervals, plain ones and those of several views side by side."""
    plain, views = judged.plain, judged.views
    header: tuple[str, ...] = ("figure", "plain")
    columns = [_column(plain)]
    if views is not None:
        header = (*header, f"{views.kind}, {views_of(views.kind)} views", "gain")
        gains = (views.accuracy_gain, views.balanced_accuracy_gain, views.macro_f1_gain)
        columns += [
            _column(views.evaluation),
            (*(signed(gain) for gain in gains), None, None, None),
        ]
    names = (
        "accuracy",
        "balanced accuracy",
        "macro-F1",
        "top-2 accuracy",
        "log loss (nats)",
        "ECE",
    )
    rows = tuple(row(*cells) for cells in zip(names, *columns, strict=True))
    return Table(header, rows, INTERVALS)


def classes(judgement: Judgement) -> Section:
    """Precision, recall, F1 and pictures of each class."""
    labels = judgement.card.resolve_task().labels
    rows = tuple(
        row(
            Cell(label.name, colour=label.colour),
            *(Cell(f"{v:.3f}", share=v) for v in (c.precision, c.recall, c.f1)),
            c.images,
        )
        for label, c in zip(labels, judgement.whole.plain.classes, strict=True)
    )
    header = ("class", "precision", "recall", "F1", "pictures")
    return Section("classes", "Classes", (Table(header, rows, CLASSES),))


def confusion(judgement: Judgement) -> Section:
    """Which classes are taken for which."""
    plain = judgement.whole.plain
    names = judgement.card.resolve_task().names
    if len(names) > MOST_CLASSES:
        text = f"{len(names)} classes are too many to draw; report.json has the matrix."
        return Section("confusion", "Confusion", (Text(text),))
    counts = plain.confusion
    images = counts.sum(axis=1, keepdims=True)
    shares = counts / images.clip(min=1)
    axis = Axis("answer", "true class")
    figure = heatmap("confusion", CONFUSION, shares, (names, names), axis, counts)
    return Section("confusion", "Confusion", (figure,))


def cost(found: Cost, views: Views | None) -> Section:
    """Size and time."""
    facts = [
        Fact(f"{found.parameters / 1e6:.2f} M", "parameters"),
        Fact(f"{found.multiply_adds / 1e6:.1f} M", "multiply-adds a picture"),
        Fact(f"{found.ms_alone:.2f} ms", "a picture by itself", "median, one thread"),
        Fact(f"{found.ms_in_batch:.2f} ms", "a picture in a batch of 64"),
    ]
    if views is not None:
        times = f"{views_of(views.kind)} times"
        facts.append(Fact(times, f"the cost with {views.kind} views"))
    return Section("cost", "Cost", (Facts(tuple(facts)),))


def limits(card: ModelCard) -> Section:
    """What the model is, and what it is not for."""
    rows = (
        row("network", f"{card.architecture}, input {card.preprocess.size} px"),
        row("trained on", card.training_data),
        row("chosen by", card.selection),
        row("recipe", card.recipe),
        row("seed", str(card.seed)),
        row("temperature", f"{card.temperature:.4f}"),
        row("licence", card.licence),
        row("digest of the weights", card.digest),
    )
    table = Table(("of the card", ""), rows, words=(0, 1))
    texts = paragraphs((card.intended_use, card.limits))
    return Section("limits", "The model and its limits", (*texts, table))


def with_interval(figure: Interval) -> str:
    """A figure and the ends of its interval, joined by an en dash."""
    return f"{figure.value:.4f} ({figure.low:.4f}\N{EN DASH}{figure.high:.4f})"


def signed(figure: Interval) -> str:
    """`+0.0102 (-0.0010 to +0.0201)`."""
    return f"{figure.value:+.4f} ({figure.low:+.4f} to {figure.high:+.4f})"


def _ends(figure: Interval) -> str:
    return f"{100 * figure.low:.1f} to {percent(figure.high)}"


def _column(evaluation: Evaluation) -> tuple[str | None, ...]:
    return (
        with_interval(evaluation.accuracy),
        with_interval(evaluation.balanced_accuracy),
        with_interval(evaluation.macro_f1),
        with_interval(evaluation.top2),
        f"{evaluation.nll:.4f}",
        f"{evaluation.ece:.4f}",
    )
