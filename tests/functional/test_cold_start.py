"""What a fresh interpreter loads: no training stack where mimika is deployed."""

import os
import subprocess
import sys
import time
from importlib.util import find_spec

import pytest

TRAINING_STACK = (
    "torch",
    "torchvision",
    "timm",
    "albumentations",
    "lightning",
    "lightning_fabric",
)
DEPLOYED = (
    "core",
    "reporting",
    "data",
    "evaluation",
    "analysis",
    "runtime",
    "service",
    "live",
    "web",
)
HEAVY = (*TRAINING_STACK, "numpy", "cv2", "onnxruntime", "PIL", "pydantic", "rich")
SETTINGS = "mimika.web.settings.testing"

# Settings belong to one process each: only those for tests are imported.
IMPORT_ALL = """
import importlib, os, pkgutil, sys

package = importlib.import_module(sys.argv[1])
if package.__name__ == "mimika.web" and "DJANGO_SETTINGS_MODULE" in os.environ:
    import django

    django.setup()
prefix = package.__name__ + "."
count = 0
for module in pkgutil.walk_packages(package.__path__, prefix):
    if ".settings." in module.name or module.name.endswith(".__main__"):
        continue
    importlib.import_module(module.name)
    count += 1
print(count, *(name for name in sys.argv[2:] if name in sys.modules))
"""
HELP = """
import sys
from mimika.cli.main import main

try:
    main(["--help"])
except SystemExit as stop:
    assert stop.code == 0
print("LOADED", *(name for name in sys.argv[1:] if name in sys.modules))
"""


def python(*arguments: str, **environment: str) -> str:
    """Standard output of a fresh interpreter."""
    done = subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        env=os.environ | environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("package", DEPLOYED)
def test_a_deployed_package_never_loads_the_training_stack(package: str) -> None:
    has_settings = package == "web" and find_spec(SETTINGS) is not None
    environment = {"DJANGO_SETTINGS_MODULE": SETTINGS} if has_settings else {}
    name = f"mimika.{package}"
    answer = python("-c", IMPORT_ALL, name, *TRAINING_STACK, **environment)
    count, *loaded = answer.split()
    assert loaded == []
    assert int(count) >= 1


def test_the_training_stack_would_be_noticed() -> None:
    answer = python("-c", IMPORT_ALL, "mimika.models", *TRAINING_STACK)
    assert "torch" in answer.split()


def test_importing_mimika_loads_nothing_heavy() -> None:
    code = "import mimika, sys; print(*(n for n in sys.argv[1:] if n in sys.modules))"
    assert python("-c", code, *HEAVY).split() == []


def test_the_help_loads_nothing_heavy() -> None:
    last = python("-c", HELP, *HEAVY).splitlines()[-1]
    assert last.split() == ["LOADED"]


def test_importing_mimika_takes_less_than_150_ms() -> None:
    # The best of several runs, taken in turns: other programs may share the machine.
    bare, loaded = [], []
    for _ in range(25):
        bare.append(seconds("pass"))
        loaded.append(seconds("import mimika"))
        if len(bare) >= 3 and min(loaded) - min(bare) < 0.15:
            return
    pytest.fail(f"{min(loaded) - min(bare):.3f} s more than bare Python")


def seconds(code: str) -> float:
    start = time.perf_counter()
    python("-c", code)
    return time.perf_counter() - start
