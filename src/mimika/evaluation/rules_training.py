"""Rules on how training went: what is gained for nothing, fit, length, rate.

Each threshold stands here with its reason.
"""

from collections.abc import Iterator

from mimika.evaluation.evidence import Evidence, Proposal, Recipe
from mimika.evaluation.intervals import Interval
from mimika.reporting.tables import percent, points

# accuracy lost between training batches and selection set: augmentation makes training
# the harder of the two, so that ten points can only be pictures learned by heart
WIDE_GAP = 0.10
# below this the selection set is answered as well as what was learned from
NARROW_GAP = 0.03
# accuracy on training batches under which a network has something left to fit
FITTED = 0.90
# of the last epochs over those before, or lost since the best one. An epoch's accuracy
# on a few thousand pictures moves by about 0.3 points late in a run, a mean of several
# by less: half a point is a trend
RISING = 0.005
FALLING = 0.01  # twice as much: the best epoch is a maximum, so always a little above
EARLY = 0.5  # share of the epochs in which a best epoch is early
RATE_LEFT = 0.01  # of the peak: a hundredth of it changes next to nothing any more


def about_mirrors(evidence: Evidence) -> Iterator[Proposal]:
    """A gain that is there without training, or mirroring that does harm."""
    gain = evidence.mirror_gain
    if gain.low > 0:
        yield Proposal(
            "Look at each picture twice, as it is and mirrored.",
            f"The mean of both answers gains {_gain(gain)} (95 % interval, paired by "
            "picture), at twice the cost: mimika evaluate --tta flip. To have it at "
            "no cost, train a further run on such answers (teachers).",
        )
    elif gain.high < 0 and evidence.recipe.mirrored:
        yield Proposal(
            "Do not mirror pictures.",
            f"The mean with the mirror image changes accuracy by {_gain(gain)}: left "
            "and right seem to matter for these classes. Train with flip = false.",
        )


def about_fit(evidence: Evidence) -> Iterator[Proposal]:
    """Whether the network learns by heart, or too little."""
    course, recipe = evidence.course, evidence.recipe
    if course.gap is None or course.training is None:
        return
    figures = (
        f"At the best epoch {percent(course.training)} of the training batches are "
        f"right and {percent(course.selection)} of the selection set"
    )
    if course.gap > WIDE_GAP:
        yield Proposal(
            "Regularise more: the network learns training pictures by heart.",
            f"{figures}, {points(course.gap)} less. {_against_overfitting(recipe)}",
        )
    elif course.gap < NARROW_GAP and course.training < FITTED:
        remedy = (
            'Fine-tune the whole network (strategy = "fine-tune") instead of its '
            "classifier alone."
            if recipe.only_head
            else "Take a larger network or input size, a higher learning_rate, or "
            f"{'weaker augmentation' if recipe.augmented else 'less weight_decay'}."
        )
        yield Proposal(
            "Give the network more to fit with: it does not exhaust its training set.",
            f"{figures}: it does not learn by heart, and could learn more. {remedy}",
        )


def about_length(evidence: Evidence) -> Iterator[Proposal]:
    """More epochs, or fewer."""
    course = evidence.course
    rise = course.rise or 0.0
    if course.best == course.epochs or rise > RISING:
        said = f"The best epoch is {course.best} of {course.epochs}"
        if rise > RISING:
            said += f", and the last epochs are {points(rise)} above those before"
        if course.rate_left <= RATE_LEFT:
            said += (
                ". The rate has come down, so plan more epochs from the start instead "
                "of adding some"
            )
        yield Proposal("Train longer.", f"{said}.")
    elif course.best <= EARLY * course.epochs and course.fall > FALLING:
        average = "" if evidence.recipe.averaged else ", or average the weights (ema)"
        yield Proposal(
            "Train for fewer epochs or at a lower rate.",
            f"The best epoch is {course.best} of {course.epochs} already; the last "
            f"ones are {points(course.fall)} below it. Lower epochs or "
            f"learning_rate{average}.",
        )


def about_rate(evidence: Evidence) -> Iterator[Proposal]:
    """A schedule that did not come to its end."""
    left = evidence.course.rate_left
    if left > RATE_LEFT:
        yield Proposal(
            "Let the learning rate come down to zero.",
            f"The last step's rate was still {percent(left)} of its peak, and the last "
            'steps at a low rate usually gain most: schedule = "cosine", with as many '
            "epochs as the run really takes.",
        )


def _against_overfitting(recipe: Recipe) -> str:
    remedies = {
        "augmentation": recipe.augmented,
        "mixup or cutmix": recipe.mixed or recipe.only_head,  # which has no pictures
        "dropout": recipe.dropout,
        "label_smoothing": recipe.smoothed,
        "averaged weights (ema)": recipe.averaged,
    }
    ways = [way for way, is_used in remedies.items() if not is_used]
    if recipe.augmented and not recipe.only_head:
        ways.append("stronger augmentation")
    return f"Try {', '.join(ways)} or more weight_decay."


def _gain(gain: Interval) -> str:
    low, high = 100 * gain.low, 100 * gain.high
    return f"{100 * gain.value:+.1f} points ({low:+.1f} to {high:+.1f})"
