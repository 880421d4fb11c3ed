"""What to try next, derived by rules from the figures of a run.

A rule looks at the evidence and makes a proposal with the figures that speak for it, or
none. A proposal is something to try, not something known to work: only a further run,
judged on the same pictures, can tell.
"""

from collections.abc import Callable, Iterator

from mimika.evaluation.evidence import Evidence, Proposal
from mimika.evaluation.rules_answers import (
    about_classes,
    about_evenness,
    about_pair,
    about_precision,
    about_remaining_error,
    about_sureness,
)
from mimika.evaluation.rules_training import (
    about_fit,
    about_length,
    about_mirrors,
    about_rate,
)

Rule = Callable[[Evidence], Iterator[Proposal]]

# What is measured to gain comes first, then what concerns the whole run, then single
# classes, then probabilities, then how well all this is known.
RULES: tuple[Rule, ...] = (
    about_mirrors,
    about_fit,
    about_length,
    about_rate,
    about_classes,
    about_pair,
    about_evenness,
    about_remaining_error,
    about_sureness,
    about_precision,
)


def propose(evidence: Evidence) -> tuple[Proposal, ...]:
    """All proposals in the order of `RULES`; none where no rule has one."""
    return tuple(proposal for rule in RULES for proposal in rule(evidence))
