"""What the keys of an experiment demand of each other.

Each check raises ValueError, which pydantic reports, or ConfigError with the list of
what exists.
"""

from collections.abc import Mapping, Set
from typing import Any

from mimika.augmentation.policies import parse_policy
from mimika.core.preprocess import ENLARGING
from mimika.data.samples import SIDE

RANGES = "ranges"
RANGE_KEYS = frozenset(
    (
        "flip",
        "shift",
        "rotation_degrees",
        "zoom",
        "contrast",
        "brightness",
        "erase",
        "soften",
        "calm_epochs",
        "calm_share",
        "calm_zoom",
        "calm_soften",
    )
)
SWITCHED = frozenset(("switch_loss", "switch_metric", "switch_teachers_share"))
BACKBONE_KEYS = frozenset(("layer_decay", "unfreeze_epochs", "drop_path", "compile"))
LEARNED = "learned:"
LEARNED_SIZES = (2 * SIDE, 4 * SIDE, 8 * SIDE)
# keys that say nothing unless another key is given: (key, the key it needs)
NEEDS = (
    ("split_file", "select_part"),
    ("select_part", "split_file"),
    ("votes_share", "votes"),
    ("votes", "votes_share"),
    ("teachers_share", "teachers"),
    ("teachers", "teachers_share"),
    ("switch_teachers_share", "teachers"),
    ("calm_share", "calm_epochs"),
    ("calm_zoom", "calm_share"),
    ("calm_soften", "calm_share"),
)


def check_augmentation(policy: Any, augmented_on: str, given: Set[str]) -> None:
    """Refuses a policy that does not exist, and ranges that it would leave unused.

    Args:
        policy: `ranges`, a name or a list of transforms.
        augmented_on: `cpu` or `device`.
        given: the keys that the experiment names.

    Raises:
        ConfigError: no such policy or transform, or an impossible range.
        ValueError: ranges beside a policy.
    """
    if policy == RANGES:
        if augmented_on == "device":
            raise ValueError('augmented_on = "device" needs a policy as augmentation')
        return
    parse_policy(policy)
    unused = sorted(RANGE_KEYS & given)
    if unused:
        raise ValueError(
            f"{', '.join(unused)} would not be used: they belong to augmentation = "
            f'"{RANGES}"; leave them out'
        )


def check_upscaling(upscaling: str, size: int) -> None:
    """Refuses an unknown way, and sizes that a learned upscaler cannot reach.

    Raises:
        ValueError: as said.
    """
    if not upscaling.startswith(LEARNED):
        if upscaling not in ENLARGING:
            raise ValueError(
                f"upscaling = {upscaling!r}: expected one of "
                f"{', '.join(ENLARGING)}, or {LEARNED}FILE"
            )
    elif size not in LEARNED_SIZES:
        raise ValueError(
            f"size = {size}: a learned upscaler doubles {SIDE} pixels once "
            f"or more; expected one of {', '.join(map(str, LEARNED_SIZES))}"
        )


def check_strategy(strategy: str, weights: str, given: Set[str]) -> None:
    """Pretrained weights go with the strategies that use them.

    Raises:
        ValueError: they are missing or would not be used.
    """
    if strategy == "scratch":
        if weights:
            raise ValueError(
                'weights would not be used by strategy = "scratch"; take "fine-tune" '
                'or "features"'
            )
    elif not weights:
        raise ValueError(
            f'strategy = "{strategy}" needs weights: a local file, "hub" or "hub:TAG"'
        )
    unused = sorted((BACKBONE_KEYS | RANGE_KEYS - {"flip"}) & given)
    if strategy == "features" and unused:
        raise ValueError(
            f"{', '.join(unused)} would not be used: only the classifier is trained "
            'with strategy = "features", on pictures that are mirrored (flip) or not; '
            "leave them out"
        )


def check_switch(switch_epoch: int, epochs: int, given: Set[str]) -> None:
    """A second phase needs an epoch to begin at and something that changes.

    Raises:
        ValueError: one of these is missing, or the run ends before.
    """
    changed = SWITCHED & given
    if bool(switch_epoch) != bool(changed):
        raise ValueError(
            f"switch_epoch and what changes then ({', '.join(sorted(SWITCHED))}) "
            "belong together: give both"
        )
    if not switch_epoch:
        return
    if not 2 <= switch_epoch <= epochs:
        raise ValueError(
            f"switch_epoch = {switch_epoch}: expected an epoch from 2 to {epochs}"
        )


def checked_balance(balance: Any) -> Any:
    """Class weights: a way to reckon them, or positive numbers.

    Raises:
        ValueError: neither.
    """
    if balance in ("frequency", "effective"):
        return balance
    is_list = isinstance(balance, list | tuple) and balance
    if is_list and all(type(one) in (int, float) and one > 0 for one in balance):
        return tuple(map(float, balance))
    raise ValueError(
        "expected 'frequency', 'effective' or positive numbers, one for each class"
    )


def check_together(values: Mapping[str, Any]) -> None:
    """Keys that need another one, and combinations that do not work.

    Raises:
        ValueError: as said.
    """
    for key, needed in NEEDS:
        if values[key] and not values[needed]:
            raise ValueError(f"{key} and {needed} belong together: give both")
    if values["votes_as"] != "shares" and not values["votes"]:
        raise ValueError("votes_as says what votes stand for: give votes as well")
    if values["sam"] and values["precision"] == "16-mixed":
        raise ValueError(
            'sam and precision = "16-mixed" do not go together: the scaled gradients '
            'cannot be climbed; take "bf16-mixed"'
        )
    if values["strategy"] != "features":
        return
    if values["mixup"] or values["cutmix"]:
        raise ValueError(
            'mixup and cutmix mix pictures: strategy = "features" has none; leave '
            "them out"
        )
    if values["augmentation"] not in (RANGES, "none"):
        raise ValueError(
            'strategy = "features" computes each picture once: its augmentation is '
            f'"none", or "{RANGES}" for mirroring alone (flip)'
        )
