"""What is written down so that a run can be repeated."""

import json
import os
import platform
import shutil
import subprocess
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path

import pytest
import torch

import mimika
from mimika.data.split_file import picture_digest
from mimika.models.pretrained import Loaded
from mimika.training import provenance
from mimika.training.config import Experiment
from mimika.training.loaders import divide
from mimika.training.provenance import (
    RUN,
    describe_run,
    describe_weights,
    first_start,
    git_revision,
    read_run,
    write_run,
)

RECIPE = "mimika train halves.toml --set seed=5"
needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not here")


@pytest.fixture
def division(samples):
    return divide(samples, 0.1)


@pytest.fixture
def facts(division, tmp_path):
    experiment = Experiment(
        name="halves",
        data=str(tmp_path / "secret" / "faces.csv"),
        backbone="b",
        epochs=3,
        learning_rate=0.1,
        seed=5,
    )
    return describe_run(experiment, division, RECIPE, "cpu", 2)


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """The package in a git repository of its own, with one commit."""
    package = tmp_path / "repository" / "src" / "mimika"
    (package / "training").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "training" / "loop.py").touch()
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setattr(provenance, "SOURCE", package)
    commit(tmp_path / "repository")
    return package


def git(folder, *words):
    name = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    done = subprocess.run(
        ["git", *name, *words], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def commit(folder):
    git(folder, "init", "--quiet")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "first")


def test_the_run_is_described_by_command_seed_and_pictures(facts, division):
    assert (facts["command"], facts["experiment"]) == (RECIPE, "halves")
    assert facts["seeds"]["run"] == 5
    assert facts["data"] == {
        "source": "faces.csv",
        "selected_on": "PublicTest",
        "training": 128,
        "training_digest": picture_digest(division.training.images),
        "selection": 32,
        "selection_digest": picture_digest(division.selection.images),
    }


def test_versions_are_those_that_are_installed(facts):
    versions = facts["versions"]
    assert versions["mimika"] == mimika.__version__
    assert versions["torch"] == version("torch")
    assert versions["python"] == platform.python_version()
    assert versions.keys() == {*provenance.PACKAGES, "python"}


def test_a_package_that_is_not_installed_has_no_version(monkeypatch, division):
    monkeypatch.setattr(provenance, "PACKAGES", ("not-a-package-of-anyone",))
    experiment = Experiment(
        name="a", data="b", backbone="c", epochs=1, learning_rate=0.1
    )
    found = describe_run(experiment, division, RECIPE, "cpu", 1)
    assert found["versions"]["not-a-package-of-anyone"] is None


def test_the_machine_is_described_without_its_name_or_paths(facts, tmp_path):
    machine = facts["machine"]
    assert (machine["device"], machine["processes"]) == ("cpu", 2)
    assert machine["cores"] == os.cpu_count()
    assert machine["threads"] == torch.get_num_threads()
    write_run(tmp_path, facts, 3.0)
    text = (tmp_path / RUN).read_text()
    hidden = [str(tmp_path), str(provenance.SOURCE), os.path.expanduser("~") + "/"]  # noqa: PTH111  the text of it
    assert not [path for path in hidden if path in text]
    assert json.dumps(platform.node()) not in text


def test_the_file_says_when_the_run_began_and_once_it_ended(facts, tmp_path):
    write_run(tmp_path, facts, None)
    first = json.loads((tmp_path / RUN).read_text())
    assert first == facts
    assert "training_seconds" not in first
    write_run(tmp_path, facts, 12.345)
    last = json.loads((tmp_path / RUN).read_text())
    assert last == facts | {"ended": last["ended"], "training_seconds": 12.3}
    started, ended = (datetime.fromisoformat(last[k]) for k in ("started", "ended"))
    assert started.utcoffset() == timedelta(0)
    assert timedelta(0) <= ended - started < timedelta(minutes=5)


def test_the_source_is_the_whole_package():
    assert Path(mimika.__file__).parent == provenance.SOURCE


@needs_git
def test_the_revision_is_the_commit_of_the_source(checkout):
    revision = git_revision()
    assert revision == git(checkout, "rev-parse", "HEAD")
    assert len(revision) == 40


@needs_git
@pytest.mark.parametrize("place", ["training/loop.py", "models_new.py"])
def test_a_changed_source_is_marked(checkout, place):
    (checkout / place).write_text("# changed\n")
    assert git_revision() == git(checkout, "rev-parse", "HEAD") + "+"


@needs_git
def test_a_change_of_something_else_is_not_marked(checkout):
    (checkout.parents[1] / "README.md").write_text("new\n")
    assert git_revision() == git(checkout, "rev-parse", "HEAD")


@needs_git
def test_a_package_installed_into_another_checkout_has_no_revision(
    checkout, monkeypatch
):
    installed = checkout.parents[1] / "site-packages" / "mimika"
    installed.mkdir(parents=True)
    (installed / "__init__.py").touch()
    monkeypatch.setattr(provenance, "SOURCE", installed)
    assert git_revision() is None


def test_without_git_there_is_no_revision(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert git_revision() is None


def test_outside_a_checkout_there_is_no_revision(tmp_path, monkeypatch):
    monkeypatch.setattr(provenance, "SOURCE", tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert git_revision() is None


def test_a_resumed_run_keeps_its_first_command_and_start(facts, tmp_path):
    assert first_start(tmp_path) == read_run(tmp_path) == {}
    write_run(tmp_path, facts, None)
    found = first_start(tmp_path)
    assert found == {"command": RECIPE, "started": facts["started"]}


def test_files_that_are_learned_from_have_a_digest(division, tmp_path):
    (tmp_path / "votes.csv").write_bytes(b"abc")
    experiment = Experiment(
        name="a",
        data="b",
        backbone="c",
        epochs=1,
        learning_rate=0.1,
        votes=str(tmp_path / "votes.csv"),
        votes_share=0.5,
    )
    found = describe_run(experiment, division, RECIPE, "cpu", 1)
    assert found["files"] == {
        "votes.csv": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    }


def test_pretrained_weights_are_told_without_their_folder(tmp_path):
    file = tmp_path / "a.pth"
    file.touch()
    found = describe_weights(Loaded(str(file), None, "12", ()))
    assert found == {"origin": "a.pth", "licence": None, "sha256": "12"}
    found = describe_weights(Loaded("timm/a.in1k", "apache-2.0", "12", ()))
    assert found["origin"] == "timm/a.in1k"
