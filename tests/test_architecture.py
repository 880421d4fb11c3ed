"""Contracts on the repository as a whole."""

import re
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest

import mimika

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted((ROOT / "src" / "mimika").rglob("*.py"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def pinned(name):
    lines = (ROOT / name).read_text().splitlines()
    return dict(line.split("==") for line in lines)


def test_the_public_names_are_the_listed_ones():
    assert mimika.__all__ == ["__version__", "load"]
    assert mimika.__version__ == version("mimika") == PROJECT["project"]["version"]
    with pytest.raises(AttributeError, match="no attribute 'models2'"):
        mimika.models2  # noqa: B018  # reading the attribute is what is tested


@pytest.mark.parametrize(
    "name", ["requirements.txt", "requirements-train.txt", "requirements-dev.txt"]
)
def test_requirements_are_pinned_lines_and_nothing_else(name):
    lines = (ROOT / name).read_text().splitlines()
    assert lines
    wrong = [x for x in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][\w.]*", x)]
    assert wrong == []


def test_what_running_needs_is_installed_without_torch():
    names = {name.lower() for name in pinned("requirements.txt")}
    assert not names & {"torch", "timm", "albumentations", "lightning-fabric"}


@pytest.mark.parametrize(
    ("extra", "files"),
    [
        (None, ["requirements.txt"]),
        ("serve", ["requirements.txt"]),
        ("web", ["requirements.txt"]),
        ("live", ["requirements.txt"]),
        ("train", ["requirements.txt", "requirements-train.txt"]),
        (
            "dev",
            ["requirements.txt", "requirements-train.txt", "requirements-dev.txt"],
        ),
    ],
)
def test_every_declared_dependency_is_pinned(extra, files):
    project = PROJECT["project"]
    declared = (
        project["dependencies"]
        if extra is None
        else project["optional-dependencies"][extra]
    )
    wanted = {re.split(r"[\[<>=]", line)[0].lower() for line in declared}
    have = {n.lower().replace("_", "-") for file in files for n in pinned(file)}
    assert wanted - have == set()


def test_no_file_is_longer_than_400_lines():
    long = [p.name for p in SOURCES if len(p.read_text().splitlines()) > 400]
    assert long == []


def test_no_file_is_called_utils_or_common():
    names = {path.stem for path in SOURCES}
    assert not names & {"utils", "common", "helpers", "misc"}


def test_every_module_says_in_its_first_line_what_it_is():
    migrations = {"migrations"}
    silent = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if not migrations & set(path.parts)
        and not path.read_text().lstrip().startswith(('"""', 'r"""'))
    ]
    assert silent == []


MIRRORED = [
    "core",
    "data",
    "evaluation",
    "runtime",
    "live",
    "augmentation",
    "analysis",
    "models",
    "training",
    "export",
    "learning",
]


def test_every_module_has_its_tests():
    only_types = {"predictor", "moment", "plan", "settings"}
    untested = [
        str(module.relative_to(ROOT))
        for folder in MIRRORED
        for module in (ROOT / "src/mimika" / folder).glob("*.py")
        if module.stem not in {"__init__", *only_types}
        and not (ROOT / "tests" / folder / f"test_{module.name}").exists()
    ]
    assert untested == []


def test_every_test_file_is_named_after_a_module():
    strays = [
        str(test.relative_to(ROOT))
        for folder in MIRRORED
        for test in (ROOT / "tests" / folder).glob("test_*.py")
        if not (ROOT / "src/mimika" / folder / test.name[5:]).exists()
    ]
    assert strays == []
