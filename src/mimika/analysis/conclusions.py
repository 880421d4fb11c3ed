"""Sentences drawn from the figures by rules.

A rule takes the findings and gives sentences, or none where it has nothing to say. Its
thresholds stand beside it; the report prints what the rules give and nothing else.
"""

from collections.abc import Callable, Iterator, Sequence

from mimika.analysis.balance import SplitBalance
from mimika.analysis.label_quality import LabelQuality
from mimika.analysis.leakage import SplitLeakage
from mimika.analysis.pictures import Pictures
from mimika.analysis.run import Findings
from mimika.analysis.showing import counted
from mimika.reporting.page import Remark
from mimika.reporting.tables import percent

EVEN, UNEVEN, SKEWED = 1.5, 3.0, 10.0  # largest class over the smallest
LEAKING = 0.01  # share of a split with copies in training, or without a face
NO_FACES_AT_ALL = 0.6  # share without a face from which on these are no faces
CLEARLY_OFF = 0.03  # total variation distance of class shares
LEARNS = 1.15  # times the accuracy of always naming the largest class
NOISY = 0.75  # agreement with votes under which labels are noisy
MOST_NAMES = 5

Rule = Callable[[Pictures, Findings], Iterator[Remark]]


def conclude(pictures: Pictures, findings: Findings) -> tuple[Remark, ...]:
    """All sentences, warnings first."""
    remarks = [remark for rule in RULES for remark in rule(pictures, findings)]
    order = {"warning": 0, "note": 1, "good": 2}
    return tuple(sorted(remarks, key=lambda remark: order[remark.level]))


def about_reading(pictures: Pictures, findings: Findings) -> Iterator[Remark]:
    """Broken files and odd classes."""
    if pictures.broken:
        were = "was" if len(pictures.broken) == 1 else "were"
        total = len(pictures) + len(pictures.broken)
        yield _warning(
            f"{len(pictures.broken):,} of {total:,} pictures or rows could not be read "
            f"or {were} left out; they are listed under Files. Mend or remove them "
            "before training."
        )
    balance = findings.balance
    for names in balance.same_but_case:
        yield _warning(
            f"The classes {_listed(names)} differ in letter case only: on Windows and "
            "macOS they would be one folder. Merge or rename them."
        )
    if balance.empty:
        yield _warning(
            f"{counted(len(balance.empty), 'class')} without any picture that can be "
            f"read ({_listed(balance.empty)}): a model cannot learn that."
        )
    if balance.single:
        yield _warning(
            f"{counted(len(balance.single), 'class')} there with a single picture "
            f"({_listed(balance.single)}): it can be trained on or judged on, not both."
        )


def about_balance(pictures: Pictures, findings: Findings) -> Iterator[Remark]:
    """Which metric to trust, and which weights or sampler."""
    training = findings.balance.splits[0]
    if training.ratio is None or training.majority is None:
        yield _warning(
            f"No picture of {training.split} has a label, so there is nothing to learn "
            "from: classes, labels and leakage by class are not judged."
        )
    elif sum(count > 0 for count in training.counts) == 1:
        yield _warning(f"{training.split} has a single class: nothing to tell apart.")
    else:
        yield _about_ratio(training, training.ratio, _heaviest(findings), _of(pictures))


def _about_ratio(
    training: SplitBalance, ratio: float, heaviest: float, of: str
) -> Remark:
    facts = f"the largest class{of} has {ratio:.1f} times the pictures of the smallest"
    always = f"always naming the largest would be right on {percent(training.majority)}"
    if ratio < EVEN:
        return Remark(
            "good",
            f"Classes are even: {facts}. Accuracy speaks for all classes, and no "
            "weights are needed.",
        )
    if ratio < UNEVEN:
        return Remark(
            "note",
            f"Classes are slightly uneven: {facts}. Report macro-F1 beside accuracy; "
            "weights are hardly needed.",
        )
    if ratio < SKEWED:
        return _warning(
            f"Classes are uneven: {facts}, and {always}. Judge by macro-F1 and the "
            "recall of each class beside accuracy, and weigh the loss by class."
        )
    return _warning(
        f"Classes are very uneven: {facts}, and {always}. Accuracy hides the smallest "
        "class: judge by macro-F1. Full weights would count its pictures "
        f"{heaviest:.1f} times; take their square root ({heaviest**0.5:.1f} times) or "
        "a sampler that draws classes evenly, with strong augmentation."
    )


def about_drift(pictures: Pictures, findings: Findings) -> Iterator[Remark]:
    """Whether the splits have the same class shares, and which have no labels."""
    known = [
        (split.split, split.distance, max(CLEARLY_OFF, 2 * (split.by_chance or 0)))
        for split in findings.balance.splits
        if split.distance is not None
    ]
    for name, distance, limit in known:
        if distance > limit:
            yield _warning(
                f"{name} has other class shares than {pictures.training} (total "
                f"variation distance {percent(distance)}): accuracy on it mixes skill "
                "with that difference."
            )
    close = [(name, distance) for name, distance, limit in known if distance <= limit]
    if close:
        have = "has" if len(close) == 1 else "have"
        names = _listed([name for name, _ in close])
        within = percent(max(distance for _, distance in close))
        yield Remark(
            "good",
            f"{names} {have} the class shares of {pictures.training}, to within "
            f"{within}.",
        )
    for split in findings.balance.splits[1:]:
        if split.unlabelled == split.pictures:
            yield Remark(
                "note",
                f"{split.split} has no labels ({split.pictures:,} pictures): its "
                "copies are counted, its classes cannot be.",
            )


def about_leakage(pictures: Pictures, findings: Findings) -> Iterator[Remark]:
    """Copies between splits."""
    for split in findings.copies.splits:
        if split.near == 0:
            yield Remark(
                "good",
                f"No picture of {split.split} has a copy in {pictures.training}.",
            )
            continue
        share = split.near / split.pictures
        yield Remark(
            "warning" if share > LEAKING else "note",
            f"{split.near:,} of {split.pictures:,} pictures of {split.split} "
            f"({percent(share)}) have a near-copy in {pictures.training}, "
            f"{split.exact:,} of them pixel by pixel{_worst_class(pictures, split)}. "
            f"A score on {split.split} is partly memory: report it once more without "
            "them.",
        )


def about_copies(pictures: Pictures, findings: Findings) -> Iterator[Remark]:
    """Copies with different labels, and how to split."""
    near = findings.copies.near
    if not near.groups:
        yield Remark("good", "No picture stands in the data set twice.")
        return
    yield Remark(
        "note",
        f"{near.pictures:,} pictures stand in {near.groups:,} groups of near-copies: "
        f"{near.redundant:,} more than there are photographs. Split by group, never by "
        "picture, when you hold out or cross-validate.",
    )
    if near.conflicting:
        share = percent(near.conflicting / near.labelled)
        yield _warning(
            f"{near.conflicting:,} of {near.labelled:,} groups of near-copies with two "
            f"or more labelled pictures ({share}) carry different labels for what "
            "seems one photograph: no model can be right on all of them."
        )


def about_blank(pictures: Pictures, findings: Findings) -> Iterator[Remark]:
    """Pictures that show nothing."""
    blank = findings.appearance.blank
    if len(blank):
        count = int(pictures.labelled[blank].sum())
        labelled = "all" if count == len(blank) else f"{count:,}"
        yield _warning(
            f"{counted(len(blank), 'picture')} blank, {labelled} of them with a "
            "label: leave them out of training."
        )


def about_faces(pictures: Pictures, findings: Findings) -> Iterator[Remark]:
    """Pictures without a face."""
    faces = findings.faces
    if not len(faces.searched):
        return
    share = len(faces.without) / len(faces.searched)
    if share > NO_FACES_AT_ALL:
        yield Remark(
            "note",
            f"In {percent(share)} of the pictures no face is found: this seems no data "
            "set of faces, and that section can be passed over.",
        )
        return
    known = ""
    if faces.error is not None and faces.error.missed is not None:
        missed = percent(faces.error.missed)
        known = f" (it misses {missed} of those that all raters took for faces)"
    if share:
        yield Remark(
            "warning" if share > LEAKING else "note",
            f"In {len(faces.without):,} of {len(faces.searched):,} pictures "
            f"({percent(share)}) our detector finds no face{known}: look through the "
            "gallery before you drop any.",
        )


def about_labels(pictures: Pictures, findings: Findings) -> Iterator[Remark]:
    """What the quick model says about labels."""
    quality = findings.labels
    if quality is None:
        return
    right = f"is right on {percent(quality.accuracy)} of pictures it has not seen"
    if quality.accuracy < LEARNS * quality.majority:
        yield Remark(
            "note",
            f"The quick model {right} (always naming the largest class: "
            f"{percent(quality.majority)}): too little to suspect single labels, so "
            "take that gallery as a place to start looking.",
        )
        return
    checked, found = findings.suspects_checked, ""
    if checked is not None:
        found = (
            f" The raters, too, are against the label on {percent(checked.against)} of "
            f"the first {checked.first:,}, and on {percent(checked.against_all)} of "
            "all."
        )
    yield Remark(
        "warning" if quality.clear else "note",
        f"{quality.clear:,} of {len(quality.judged):,} labels are clearly suspect to a "
        f"quick model that {right}{_most_confused(pictures, quality)}. Look through "
        f"the ranked list from its start; most of what is far down is right.{found}",
    )


def about_votes(pictures: Pictures, findings: Findings) -> Iterator[Remark]:
    """Labels against raters."""
    agreement = findings.agreement
    if agreement is None:
        return
    text = (
        f"The raters' first choice is the label on {percent(agreement.agreement)} of "
        f"{agreement.pictures:,} pictures; {percent(agreement.without_a_vote)} of the "
        "labels got no vote at all."
    )
    if agreement.agreement >= NOISY:
        yield Remark("good", text)
        return
    yield _warning(
        f"{text} A model that agrees with the labels much more often learns how the "
        "pictures were collected, not only what they show: train on soft labels, or "
        "report the agreement with the votes as a second figure."
    )


RULES: tuple[Rule, ...] = (
    about_reading,
    about_leakage,
    about_copies,
    about_balance,
    about_drift,
    about_votes,
    about_labels,
    about_faces,
    about_blank,
)


def _warning(text: str) -> Remark:
    return Remark("warning", text)


def _of(pictures: Pictures) -> str:
    return f" of {pictures.training}" if len(pictures.split_names) > 1 else ""


def _heaviest(findings: Findings) -> float:
    return max((weight for weight in findings.balance.weights if weight), default=1.0)


def _worst_class(pictures: Pictures, split: SplitLeakage) -> str:
    """`; most of all in Surprise, 36 %`, where there are several classes."""
    shares = [(share, k) for k, share in enumerate(split.by_class) if share is not None]
    if len(shares) < 2:
        return ""
    share, number = max(shares)
    return f"; most of all in {pictures.classes[number].name}, {percent(share)}"


def _most_confused(pictures: Pictures, quality: LabelQuality) -> str:
    """`, most of them labelled Neutral that look like Sad`."""
    off = quality.joint.copy()
    for number in range(len(off)):
        off[number, number] = 0
    if not off.any():
        return ""
    given, other = divmod(int(off.argmax()), len(off))
    names = [pictures.classes[number].name for number in quality.classes]
    return f"; it most often takes {names[given]} for {names[other]}"


def _listed(texts: Sequence[str]) -> str:
    more = f" and {len(texts) - MOST_NAMES} more" if len(texts) > MOST_NAMES else ""
    return ", ".join(texts[:MOST_NAMES]) + more
