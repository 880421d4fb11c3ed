"""Rules on the answers: classes, pairs of them, probabilities, and how sure all is.

Each threshold stands here with its reason.
"""

from collections.abc import Iterator, Mapping

from mimika.evaluation.confusions import FEW, MORE_OFTEN, is_overweighed
from mimika.evaluation.evidence import ClassEvidence, Evidence, Proposal, Recipe
from mimika.reporting.tables import percent, points

# expected calibration error above what chance shows on as many pictures: two points of
# per cent on average, less than a reader of probabilities notices
UNCALIBRATED = 0.02
OVERSURE = 1.25  # temperature: logits a quarter too large
UNDERSURE = 1 / OVERSURE
WEAK = 0.15  # recall below the mean recall: what a class differs by is mostly less
MOST_WEAK = 3  # classes that are named: of a hundred, dozens may be weak
RARE = 0.5  # times an even share of the training pictures
PAIR = 0.10  # of all mistakes: a tenth of them in one pair is worth its own measure
UNEVEN = 0.05  # accuracy above macro-F1: the large classes carry the figure
# half of the accuracy's interval: recipes seldom differ by more than two points
COARSE = 0.02


def about_classes(evidence: Evidence) -> Iterator[Proposal]:
    """Classes that are found far less often than the others, the weakest first."""
    weak = [c for c in evidence.classes if _is_weak(c, evidence.balanced_accuracy)]
    for one in sorted(weak, key=lambda c: c.recall.value)[:MOST_WEAK]:
        name = evidence.names[one.number]
        share = evidence.training[one.number] / sum(evidence.training)
        figures = (
            f"Recall is {percent(one.recall.value)} on {one.images:,} pictures (mean "
            f"of the classes {percent(evidence.balanced_accuracy)}); the class makes "
            f"up {percent(share)} of the training pictures"
        )
        if share < RARE / len(evidence.names):
            more = "bring more pictures of it"
            if not evidence.recipe.balanced:
                more = f'weigh the loss by class (loss = "balanced"), or {more}'
            yield Proposal(
                f"Give {name} more weight.", f"{figures}, so it is rare: {more}."
            )
        else:
            yield Proposal(
                f"Look at the labels of {name}.",
                f"{figures}, so it is not rare: its labels or its likeness to another "
                f"class hold it back. {_remedy_of_labels(evidence.recipe)}",
            )


def about_pair(evidence: Evidence) -> Iterator[Proposal]:
    """Two classes in which mistakes gather."""
    pair = evidence.confusion
    if pair is None or pair.mistakes < FEW:
        return
    share = pair.mistakes / evidence.mistakes
    if share <= PAIR or (len(evidence.names) == 2 and not pair.one_sided):
        return
    one, other = evidence.names[pair.more.true], evidence.names[pair.more.answer]
    figures = (
        f"{pair.mistakes:,} of {evidence.mistakes:,} mistakes ({percent(share)}) are "
        f"between these two: {percent(pair.more.share.value)} of {one} is taken for "
        f"{other}, {percent(pair.less.share.value)} the other way round"
    )
    ratio = evidence.training[pair.more.answer] / evidence.training[pair.more.true]
    if evidence.recipe.balanced and is_overweighed(pair, evidence.training):
        yield Proposal(
            f"Weigh {other} less.",
            f"{figures}. {other} is rarer in training, so that the class weights of "
            "the loss favour it: take milder ones (balance) or none.",
        )
    elif pair.one_sided and ratio >= MORE_OFTEN:
        weights = (
            f"add pictures of {one}"
            if evidence.recipe.balanced
            else f'weigh the loss by class (loss = "balanced") or add pictures of {one}'
        )
        yield Proposal(
            f"Move the border between {one} and {other}.",
            f"{figures}. The answers lean to {other}, which has {ratio:.1f} times the "
            f"training pictures: {weights}.",
        )
    else:
        yield Proposal(
            f"Help the network to tell {one} from {other}.",
            f"{figures}. The number of training pictures does not explain it, so "
            "class weights would only move the mistakes. "
            f"{_remedy_of_labels(evidence.recipe)}",
        )


def about_evenness(evidence: Evidence) -> Iterator[Proposal]:
    """Accuracy that the large classes carry."""
    behind = evidence.accuracy.value - evidence.macro_f1
    if behind <= UNEVEN:
        return
    remedies = {
        'choose the checkpoint by it (metric = "macro-f1")': evidence.recipe.macro,
        'weigh the loss by class (loss = "balanced")': evidence.recipe.balanced,
    }
    yield Proposal(
        "Judge by macro-F1, so that small classes count.",
        f"Macro-F1 is {percent(evidence.macro_f1)}, {points(behind)} below the "
        "accuracy: the large classes carry it. If all classes matter alike, "
        f"{_unused(remedies, ' and ') or 'bring more pictures of the small ones'}.",
    )


def about_remaining_error(evidence: Evidence) -> Iterator[Proposal]:
    """Probabilities that one temperature does not mend."""
    found = evidence.sureness
    if found is not None and found.after - found.by_chance > UNCALIBRATED:
        yield Proposal(
            "Do not take the probabilities at their word yet.",
            f"After temperature scaling they are still {percent(found.after)} off on "
            f"average ({percent(found.by_chance)} by chance alone): one number does "
            "not mend them. Try an ensemble or averaged weights (ema), or calibrate "
            "on more pictures.",
        )


def about_sureness(evidence: Evidence) -> Iterator[Proposal]:
    """A network that is too certain or too uncertain by itself."""
    found, recipe = evidence.sureness, evidence.recipe
    if found is None or found.before - found.by_chance <= UNCALIBRATED:
        return
    figures = (
        f"The network's own probabilities are {percent(found.before)} off on average "
        f"({percent(found.by_chance)} by chance alone), and the temperature is "
        f"{found.temperature:.2f}"
    )
    mended = "The card's temperature mends the exported model; for training itself, try"
    if found.temperature > OVERSURE:
        ways = {
            "label_smoothing": recipe.smoothed,
            "mixup or cutmix": recipe.mixed or recipe.only_head,
            "averaged weights (ema)": recipe.averaged,
        }
        yield Proposal(
            "Train for less certain answers.",
            f"{figures}: they are too high. {mended} "
            f"{_unused(ways, ', ') or 'more weight_decay'}.",
        )
    elif found.temperature < UNDERSURE:
        ways = {
            "less label_smoothing": not recipe.smoothed,
            "less mixup or cutmix": not recipe.mixed,
        }
        yield Proposal(
            "Train for more certain answers.",
            f"{figures}: they are too low. {mended} "
            f"{_unused(ways, ' or ') or 'more epochs or weaker augmentation'}.",
        )


def about_precision(evidence: Evidence) -> Iterator[Proposal]:
    """A selection set that is too small to tell recipes apart."""
    accuracy = evidence.accuracy
    half = (accuracy.high - accuracy.low) / 2
    if half > COARSE:
        yield Proposal(
            "Measure on more pictures before you compare recipes.",
            f"With {evidence.images:,} pictures the accuracy is known to ± "
            f"{points(half)} only, so smaller differences between runs cannot be "
            "told from chance. Hold out more, or compare runs on the same pictures "
            "(mimika compare), over several seeds.",
        )


def _is_weak(one: ClassEvidence, mean_recall: float) -> bool:
    """Far below the mean, and by more than chance."""
    return mean_recall - one.recall.value > WEAK and one.recall.high < mean_recall


def _unused(ways: Mapping[str, bool], between: str) -> str:
    """Those that have nothing against them, in words; empty for none."""
    return between.join(way for way, is_out in ways.items() if not is_out)


def _remedy_of_labels(recipe: Recipe) -> str:
    if recipe.votes:
        return (
            "Crowd votes are used already: look through the most certain mistakes "
            "(mimika evaluate) and the suspect labels (mimika analyse)."
        )
    return (
        "Train on crowd votes where there are any (votes, votes_share), and look "
        "through the most certain mistakes (mimika evaluate) and the suspect labels "
        "(mimika analyse)."
    )
