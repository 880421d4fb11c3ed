"""Losses, against torch's, scikit-learn's class weights and by hand."""

import math

import numpy as np
import pytest
import torch
from sklearn.utils.class_weight import compute_class_weight
from torch.nn.functional import cross_entropy, kl_div, log_softmax, one_hot

from mimika.core.errors import ConfigError
from mimika.training.config import Experiment
from mimika.training.losses import (
    Loss,
    class_weights,
    make_loss,
    smoothed,
    softened,
)

CPU = torch.device("cpu")
COUNTS = torch.tensor([400, 44, 410, 720])


def experiment(**changes):
    values = {
        "name": "a",
        "data": "none",
        "backbone": "b",
        "epochs": 9,
        "learning_rate": 0.1,
    }
    return Experiment.model_validate(values | changes)


@pytest.fixture
def logits():
    return torch.randn(64, 4, generator=torch.Generator().manual_seed(1)) * 3


@pytest.fixture
def labels():
    return torch.randint(0, 4, (64,), generator=torch.Generator().manual_seed(2))


@pytest.fixture
def shares():
    drawn = torch.rand(64, 4, generator=torch.Generator().manual_seed(3))
    return drawn / drawn.sum(dim=1, keepdim=True)


def gradient(loss, logits, *targets):
    leaf = logits.clone().requires_grad_()
    return torch.autograd.grad(loss(leaf, *targets), leaf)[0]


@pytest.mark.parametrize("smoothing", [0.0, 0.1, 0.9])
def test_smoothed_targets_give_torchs_loss_with_label_smoothing(
    logits, labels, smoothing
):
    targets = smoothed(labels, 4, smoothing)
    expected = cross_entropy(logits, labels, label_smoothing=smoothing)
    assert float(Loss()(logits, targets)) == pytest.approx(float(expected), rel=1e-6)
    assert targets.dtype == torch.float32
    assert torch.allclose(targets.sum(dim=1), torch.ones(64))


def test_soft_targets_pull_by_what_the_answers_differ_from_them(logits, shares):
    expected = (logits.softmax(dim=1) - shares) / 64
    assert torch.allclose(gradient(Loss(), logits, shares), expected, atol=1e-7)


def test_over_the_training_set_class_weights_are_those_of_torchs_weighted_mean():
    labels = torch.repeat_interleave(torch.arange(4), COUNTS)
    drawn = torch.randn(len(labels), 4, generator=torch.Generator().manual_seed(4))
    weights = class_weights(COUNTS, "frequency")
    expected = cross_entropy(drawn, labels, weight=weights)  # divides by all weights
    found = Loss(weights=weights)(drawn, one_hot(labels, 4).float())
    assert float(found) == pytest.approx(float(expected), rel=1e-5)


def test_the_focal_loss_is_the_one_worked_out_by_hand():
    logits = torch.tensor([[math.log(3), 0.0]])  # probabilities 3/4 and 1/4
    sure = Loss(gamma=2.0)(logits, torch.tensor([[1.0, 0.0]]))
    wrong = Loss(gamma=2.0)(logits, torch.tensor([[0.0, 1.0]]))
    assert float(sure) == pytest.approx(-(0.25**2) * math.log(0.75))
    assert float(wrong) == pytest.approx(-(0.75**2) * math.log(0.25))
    half = Loss(gamma=0.5, weights=torch.tensor([2.0, 1.0]))
    expected = -0.8 * 2 * 0.25**0.5 * math.log(0.75) - 0.2 * 0.75**0.5 * math.log(0.25)
    found = half(logits, torch.tensor([[0.8, 0.2]]))
    assert float(found) == pytest.approx(expected)


def test_without_focusing_both_forms_of_the_loss_agree(logits, shares):
    weights = class_weights(COUNTS, "effective")
    for given in (None, weights):
        plain = Loss(weights=given)(logits, shares)
        focal = Loss(gamma=1e-6, weights=given)(logits, shares)
        assert float(focal) == pytest.approx(float(plain), rel=1e-4)


@pytest.mark.parametrize("gamma", [0.1, 0.5, 1.0, 2.0])
def test_answers_that_are_quite_sure_keep_finite_gradients(gamma):
    logits = torch.tensor([[200.0, 0.0], [0.0, 200.0]])
    targets = torch.tensor([[1.0, 0.0], [1.0, 0.0]])
    found = gradient(Loss(gamma=gamma), logits, targets)
    assert bool(found.isfinite().all())
    assert float(found[1, 0]) == pytest.approx(-0.5)  # as cross-entropy has it


def test_the_teachers_part_is_the_one_worked_out_by_hand():
    logits = torch.tensor([[math.log(9), 0.0]])  # at temperature 2: 3/4 and 1/4
    own, taught = torch.tensor([[1.0, 0.0]]), torch.tensor([[0.5, 0.5]])
    loss = Loss(teachers_share=0.25, temperature=2.0)
    soft = -0.5 * math.log(0.75) - 0.5 * math.log(0.25)
    expected = 0.75 * -math.log(0.9) + 0.25 * 4 * soft
    assert float(loss(logits, own, taught)) == pytest.approx(expected)


def test_class_weights_count_in_the_teachers_part_too():
    """With the whole share, the best answer has each class its weight as often."""
    taught, weights = torch.tensor([[0.5, 0.3, 0.2]]), torch.tensor([1.0, 2.0, 0.5])
    loss = Loss(weights=weights, teachers_share=1.0)
    best = weights * taught / (weights * taught).sum()
    logits = best.log().requires_grad_()
    loss(logits, torch.eye(3)[:1], taught).backward()
    assert torch.allclose(logits.grad, torch.zeros(1, 3), atol=1e-6)


def test_the_teachers_part_pulls_like_the_divergence_from_them(logits, shares):
    def divergence(leaf, _own, taught):
        logs = log_softmax(leaf / 3, dim=1)
        return 9 * kl_div(logs, taught, reduction="batchmean")

    loss = Loss(teachers_share=1.0, temperature=3.0)
    found = gradient(loss, logits, shares.flip(0), shares)
    expected = gradient(divergence, logits, shares.flip(0), shares)
    assert torch.allclose(found, expected, atol=1e-6)


def test_without_a_share_teachers_change_nothing(logits, shares):
    taught = shares.flip(0)
    assert Loss()(logits, shares, taught) == Loss()(logits, shares)
    assert Loss(teachers_share=0.5)(logits, shares) == Loss()(logits, shares)


def test_logits_of_half_precision_lose_nothing_more(logits, shares):
    halves = logits.bfloat16()
    for loss in (Loss(), Loss(gamma=2.0), Loss(teachers_share=0.5, temperature=2.0)):
        found = loss(halves, shares, shares)
        assert found.dtype == torch.float32
        assert torch.equal(found, loss(halves.float(), shares, shares))


def test_weights_by_frequency_are_scikit_learns():
    labels = np.repeat(np.arange(4), COUNTS.numpy())
    expected = compute_class_weight("balanced", classes=np.arange(4), y=labels)
    found = class_weights(COUNTS, "frequency")
    assert found.numpy() == pytest.approx(expected)
    hand = class_weights(torch.tensor([1, 3]), "frequency")
    assert hand.tolist() == pytest.approx([2, 2 / 3])


def test_weights_by_the_effective_number_are_the_ones_worked_out_by_hand():
    # beta = 0.999: one picture counts 1, two count 1.999
    found = class_weights(torch.tensor([1, 2]), "effective")
    raw = np.array([1, 1 / 1.999])
    assert found.tolist() == pytest.approx((raw * 3 / (1 + 2 / 1.999)).tolist())


def test_weights_can_be_given_as_they_are():
    found = class_weights(torch.tensor([100, 300]), (3.0, 1.0))
    assert found.tolist() == pytest.approx([2, 2 / 3])  # 100 * 2 + 300 * 2 / 3 = 400


def test_weights_for_other_classes_are_refused():
    with pytest.raises(ConfigError, match=r"\[1.0, 2.0\] has 2 weights, but .* 4 cl"):
        class_weights(COUNTS, (1.0, 2.0))


@pytest.mark.parametrize("kind", ["frequency", "effective"])
def test_weights_have_a_mean_of_1_over_the_pictures(kind):
    found = class_weights(COUNTS, kind)
    assert found.dtype == torch.float32
    assert float((found * COUNTS).sum() / COUNTS.sum()) == pytest.approx(1)
    assert found.argsort(descending=True).tolist() == COUNTS.argsort().tolist()


def test_frequent_classes_differ_less_by_their_effective_number():
    counts = torch.tensor([4000, 8000, 100])
    frequency = class_weights(counts, "frequency")
    effective = class_weights(counts, "effective")
    assert float(frequency[0] / frequency[1]) == pytest.approx(2)
    assert 1 < float(effective[0] / effective[1]) < 1.02


def test_softened_probabilities_are_the_softmax_of_divided_logits(logits):
    probabilities = (logits / 2).softmax(dim=1)
    found = softened(probabilities, 2.5)
    assert torch.allclose(found, (logits / 5).softmax(dim=1), atol=1e-6)
    assert torch.allclose(softened(probabilities, 1.0), probabilities, atol=1e-6)


def test_a_class_that_a_teacher_rules_out_stays_a_number():
    found = softened(torch.tensor([[1.0, 0.0]]), 2.0)
    assert bool(found.isfinite().all())
    assert float(found.sum()) == pytest.approx(1)
    assert float(found[0, 0]) > 0.999


@pytest.mark.parametrize(
    ("name", "gamma", "is_balanced"),
    [
        ("cross-entropy", 0.0, False),
        ("focal", 1.5, False),
        ("balanced", 0.0, True),
        ("balanced-focal", 1.5, True),
    ],
)
def test_the_name_says_whether_it_is_focal_and_balanced(name, gamma, is_balanced):
    setting = experiment(loss=name, focal_gamma=1.5, balance="frequency")
    found = make_loss(setting, 1, COUNTS, CPU)
    assert found.gamma == gamma
    assert (found.weights is not None) == is_balanced
    if is_balanced:
        assert torch.equal(found.weights, class_weights(COUNTS, "frequency"))


def test_the_loss_is_switched_in_the_named_epoch():
    setting = experiment(
        loss="focal",
        switch_epoch=4,
        switch_loss="balanced",
        teachers=["a.npz"],
        teachers_share=0.5,
        teachers_temperature=3.0,
    )
    losses = [make_loss(setting, epoch, COUNTS, CPU) for epoch in range(1, 10)]
    assert [loss.gamma for loss in losses] == [2.0] * 3 + [0.0] * 6
    assert [loss.weights is None for loss in losses] == [True] * 3 + [False] * 6
    assert {(loss.teachers_share, loss.temperature) for loss in losses} == {(0.5, 3.0)}


@pytest.mark.parametrize("later", [0.0, 0.2])
def test_the_teachers_share_is_switched_in_the_named_epoch(later):
    setting = experiment(
        teachers=["a.npz"],
        teachers_share=0.5,
        switch_epoch=3,
        switch_teachers_share=later,
    )
    losses = [make_loss(setting, epoch, COUNTS, CPU) for epoch in range(1, 5)]
    assert [loss.teachers_share for loss in losses] == [0.5, 0.5, later, later]


def test_a_switch_of_the_metric_alone_leaves_the_loss():
    setting = experiment(loss="focal", switch_epoch=4, switch_metric="loss")
    assert make_loss(setting, 4, COUNTS, CPU) == make_loss(setting, 3, COUNTS, CPU)
