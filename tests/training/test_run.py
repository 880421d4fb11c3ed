"""How a run is started, kept and resumed."""

import dataclasses

import pytest
import torch

from mimika.core.errors import ModelError, TrainingError
from mimika.core.preprocess import PreprocessSpec
from mimika.models.catalogue import NetworkSpec, create_network
from mimika.models.checkpoint import load_checkpoint
from mimika.training.config import Experiment
from mimika.training.records import EpochRecord
from mimika.training.run import (
    check_settings,
    judged_weights,
    keep,
    load_best,
    resume,
    start_run,
)

SPEC = PreprocessSpec(size=48, channels=1, mean=(0.5,), std=(0.25,))
RECORD = EpochRecord(1, 0.1, 1.0, 0.5, 1.0, 0.5, 0.5, 1.0, 1.0)

FROZEN = {"strategy": "features", "weights": "weights.pth"}


@pytest.fixture(autouse=True)
def weights_file(tmp_path, monkeypatch):
    """Weights of the compact network, as if they had been trained on something."""
    monkeypatch.chdir(tmp_path)
    network = create_network(NetworkSpec("compact_resnet", 1, 48, 5))
    torch.save(network.state_dict(), "weights.pth")


def start(folder, **changes):
    values = {
        "name": "a",
        "data": "none",
        "backbone": "compact_resnet",
        "epochs": 3,
        "learning_rate": 0.1,
        "accelerator": "cpu",
    }
    return start_run(Experiment.model_validate(values | changes), folder, SPEC, 2)


def keep_epochs(run, accuracies):
    """Keeps an epoch for each accuracy, with another bias after each."""
    for epoch, accuracy in enumerate(accuracies, start=1):
        run.network.classifier.bias.data.fill_(epoch)
        keep(run, dataclasses.replace(RECORD, epoch=epoch, accuracy=accuracy), SPEC)


def bias(path):
    return float(load_checkpoint(path)["weights"]["classifier.bias"][0])


def test_the_same_seed_gives_the_same_first_weights(tmp_path):
    one, two, other = (start(tmp_path, seed=s).network for s in (1, 1, 2))
    assert torch.equal(one.classifier.weight, two.classifier.weight)
    assert not torch.equal(one.classifier.weight, other.classifier.weight)


def test_the_best_checkpoint_is_the_first_of_the_highest_accuracy(tmp_path):
    run = start(tmp_path)
    keep_epochs(run, [0.4, 0.6, 0.6, 0.5])
    assert bias(tmp_path / "best.ckpt") == 2.0
    assert bias(tmp_path / "last.ckpt") == 4.0
    load_best(run)
    assert float(run.network.classifier.bias.detach()[0]) == 2.0


def test_a_run_that_died_before_its_metrics_writes_them_when_resumed(tmp_path):
    keep_epochs(start(tmp_path), [0.4, 0.6])
    (tmp_path / "metrics.csv").unlink()
    (tmp_path / "curves.png").unlink()
    run = start(tmp_path)
    resume(run, SPEC)
    assert [record.accuracy for record in run.history] == [0.4, 0.6]
    assert (tmp_path / "metrics.csv").read_text().count("\n") == 3
    assert (tmp_path / "curves.png").exists()


def test_there_may_be_nothing_to_resume(tmp_path):
    run = start(tmp_path)
    resume(run, SPEC)
    assert run.history == []


def test_other_settings_are_listed(tmp_path):
    keep_epochs(start(tmp_path), [0.4])
    with pytest.raises(TrainingError, match=r"\(seed = 0, not 7, epochs = 3, not 5\)"):
        resume(start(tmp_path, seed=7, epochs=5), SPEC)


def test_a_setting_that_a_run_does_not_know_yet_is_listed(tmp_path):
    with pytest.raises(TrainingError, match=r"mixup = None, not 0\.2"):
        check_settings(tmp_path, {"seed": 0}, {"seed": 0, "mixup": 0.2})


def test_other_pictures_are_noticed(tmp_path):
    keep_epochs(start(tmp_path), [0.4])
    with pytest.raises(TrainingError, match="other pictures than none"):
        resume(start(tmp_path), SPEC.model_copy(update={"mean": (0.51,)}))


def test_a_damaged_checkpoint_is_named(tmp_path):
    (tmp_path / "last.ckpt").write_bytes(b"hello")
    with pytest.raises(ModelError, match=r"last\.ckpt"):
        resume(start(tmp_path), SPEC)


def test_a_full_disk_leaves_the_epoch_before(tmp_path, monkeypatch):
    from mimika.training import run as module

    run = start(tmp_path)
    keep_epochs(run, [0.4])
    plain = module.save_checkpoint

    def save_checkpoint(path, content):
        if path.name == "last.ckpt":
            raise OSError(28, "No space left on device")
        plain(path, content)

    monkeypatch.setattr(module, "save_checkpoint", save_checkpoint)
    run.network.classifier.bias.data.fill_(2)
    with pytest.raises(OSError, match="No space left"):
        keep(run, dataclasses.replace(RECORD, epoch=2, accuracy=0.9), SPEC)
    again = start(tmp_path)
    resume(again, SPEC)
    assert len(again.history) == 1
    assert float(again.network.classifier.bias.detach()[0]) == 1.0


def test_averaged_weights_are_judged_and_kept_and_the_others_gone_on_with(tmp_path):
    run = start(tmp_path, ema=0.5)
    run.average.module.classifier.bias.data.fill_(7)
    keep_epochs(run, [0.4])
    assert bias(tmp_path / "best.ckpt") == 7.0
    assert bias(tmp_path / "last.ckpt") == 1.0
    again = start(tmp_path, ema=0.5)
    resume(again, SPEC)
    assert float(again.average.module.classifier.bias[0]) == 7.0
    assert float(again.network.classifier.bias.detach()[0]) == 1.0


def test_of_an_averaged_classifier_the_backbone_stays_the_networks(tmp_path):
    run = start(tmp_path, ema=0.5, **FROZEN)
    run.average.module.bias.data.fill_(7)
    weights = judged_weights(run)
    assert weights["classifier.bias"].tolist() == [7.0, 7.0]
    assert weights.keys() == run.network.state_dict().keys()
    stem = run.network.stem[0].weight
    assert torch.equal(weights["stem.0.weight"], stem)


def test_with_feature_extraction_only_the_classifier_is_trained(tmp_path):
    run = start(tmp_path, **FROZEN)
    trained = [n for n, p in run.network.named_parameters() if p.requires_grad]
    assert trained == ["classifier.weight", "classifier.bias"]
    assert run.groups == [["weight", "bias"]]
    held = {id(p) for group in run.optimizer.param_groups for p in group["params"]}
    assert held == {id(p) for p in run.trained.parameters()}


def test_a_second_phase_begins_its_own_search_for_the_best(tmp_path):
    run = start(tmp_path, epochs=4, switch_epoch=3, switch_metric="macro-f1")
    keep_epochs(run, [0.9, 0.8, 0.5, 0.6])
    assert bias(tmp_path / "best.ckpt") == 3.0  # macro-F1 is 0.5 in both: the first
