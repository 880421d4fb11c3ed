"""Sessions on real hardware, and on pretended hardware where there is none."""

import logging
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from mimika.core.errors import ConfigError, ModelError
from mimika.runtime import session
from mimika.runtime.hardware import EXECUTION_PROVIDERS, Hardware, Shapes
from mimika.runtime.session import open_session, provider_of

MakeModel = Callable[..., Path]
CPU, CUDA = EXECUTION_PROVIDERS["cpu"], EXECUTION_PROVIDERS["cuda"]


class Pretended:
    """An ONNX Runtime with other providers than this machine has.

    It records what sessions were asked for. `broken` ones raise, `silent` ones are
    left out without a word, as ONNX Runtime does where CUDA's libraries are missing.
    """

    ExecutionMode = SimpleNamespace(ORT_SEQUENTIAL=0)

    def __init__(self, has: list[str]) -> None:
        self.has, self.broken, self.silent = has, set[str](), set[str]()
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.options: list[Any] = []

    def get_available_providers(self) -> list[str]:
        return self.has

    def SessionOptions(self) -> SimpleNamespace:  # noqa: N802
        return SimpleNamespace(add_session_config_entry=lambda key, value: None)

    def InferenceSession(  # noqa: N802
        self,
        path: str,
        options: Any,
        providers: list[tuple[str, dict[str, Any]]],
        enable_fallback: int,
    ) -> SimpleNamespace:
        (asked,) = providers
        self.asked.append(asked)
        self.options.append(options)
        if asked[0] in self.broken:
            raise RuntimeError("no graphics card")
        used = CPU if asked[0] in self.silent else asked[0]
        return SimpleNamespace(get_providers=lambda: [used])


@pytest.fixture
def runtime(monkeypatch: pytest.MonkeyPatch) -> Pretended:
    pretended = Pretended([CUDA, CPU])
    monkeypatch.setitem(sys.modules, "onnxruntime", pretended)  # type: ignore[arg-type]
    return pretended


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "any.onnx"
    path.touch()
    return path


def test_a_model_runs_on_the_cpu_and_nothing_is_warned(
    make_model: MakeModel, caplog: pytest.LogCaptureFixture
) -> None:
    for provider in ("auto", "cpu"):
        opened = open_session(make_model(), Hardware(provider=provider))
        assert provider_of(opened) == "cpu"
    assert caplog.records == []


def test_a_named_provider_that_is_absent_falls_back_with_one_warning(
    make_model: MakeModel, caplog: pytest.LogCaptureFixture
) -> None:
    opened = open_session(make_model(), Hardware(provider="cuda"))
    assert provider_of(opened) == "cpu"
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert "going on with cpu" in record.message
    assert "install onnxruntime-gpu" in record.message


def test_a_required_provider_that_is_absent_is_an_error(make_model: MakeModel) -> None:
    for provider in ("cuda", "tensorrt", "coreml", "directml"):
        with pytest.raises(ConfigError, match=rf"{provider} is required.* has only"):
            open_session(make_model(), Hardware(provider=provider, require=True))


def test_the_cpu_can_be_required(make_model: MakeModel) -> None:
    opened = open_session(make_model(), Hardware(provider="cpu", require=True))
    assert provider_of(opened) == "cpu"


def test_cuda_is_taken_where_it_works(runtime: Pretended, model: Path) -> None:
    assert provider_of(open_session(model)) == "cuda"
    assert runtime.asked == [(CUDA, {})]


@pytest.mark.parametrize("how", ["broken", "silent"])
def test_a_provider_that_does_not_work_is_passed_over(
    how: str, runtime: Pretended, model: Path, caplog: pytest.LogCaptureFixture
) -> None:
    getattr(runtime, how).add(CUDA)
    assert provider_of(open_session(model)) == "cpu"
    assert len(caplog.records) == 1
    with pytest.raises(ConfigError, match="cuda is required and does not work here"):
        open_session(model, Hardware(provider="cuda", require=True))


def test_a_model_that_no_provider_can_open_is_named(
    runtime: Pretended, model: Path
) -> None:
    runtime.broken |= {CUDA, CPU}
    with pytest.raises(ModelError, match=r"any\.onnx: .*no graphics card"):
        open_session(model)


def test_tensorrt_keeps_its_engines_in_the_folder_of_all_state(
    runtime: Pretended, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MIMIKA_HOME", str(tmp_path))
    runtime.has.append(EXECUTION_PROVIDERS["tensorrt"])
    shapes = {"input": Shapes((1, 1, 48, 48), (1, 1, 48, 48), (64, 1, 48, 48))}
    opened = open_session(model, Hardware(provider="tensorrt"), shapes)
    assert provider_of(opened) == "tensorrt"
    ((_, options),) = runtime.asked
    assert options["trt_engine_cache_path"] == str(tmp_path / "engines")
    assert (tmp_path / "engines").is_dir()
    assert options["trt_profile_max_shapes"] == "input:64x1x48x48"


def test_threads_and_arena_reach_onnx_runtime(runtime: Pretended, model: Path) -> None:
    open_session(model, Hardware(threads=3, arena=False))
    (options,) = runtime.options
    assert options.intra_op_num_threads == 3
    assert options.enable_cpu_mem_arena is False


def test_loading_and_failing_write_nothing_to_stderr(make_model: MakeModel) -> None:
    code = (
        "import pathlib, sys\n"
        "from mimika.core.errors import ModelError\n"
        "from mimika.runtime.classifier import OnnxClassifier\n"
        "try:\n"
        "    OnnxClassifier(pathlib.Path(sys.argv[1]))\n"
        "except ModelError:\n"
        "    print('refused')\n"
    )
    command = [sys.executable, "-c", code, str(make_model(batch=1))]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("refused\n", "")


def test_onnx_runtime_keeps_nothing_about_this_machine(
    make_model: MakeModel, tmp_path: Path
) -> None:
    code = (
        "import pathlib, sys\n"
        "from mimika.runtime.classifier import OnnxClassifier\n"
        "OnnxClassifier(pathlib.Path(sys.argv[1]))\n"
    )
    home = tmp_path / "home"
    home.mkdir()
    kept = ("HOME", "XDG_CACHE_HOME", *session.TELEMETRY_OFF)
    environment = {k: v for k, v in os.environ.items() if k not in kept}
    subprocess.run(
        [sys.executable, "-c", code, str(make_model())],
        env={**environment, "HOME": str(home)},
        check=True,
    )
    assert list(home.iterdir()) == []


def test_what_a_library_writes_while_it_is_loaded_goes_to_the_debug_log(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG"), session._caught_stderr():
        os.write(2, b"Unknown CPU vendor\n")
    os.write(2, b"heard again")
    assert capfd.readouterr().err == "heard again"
    assert "Unknown CPU vendor" in caplog.text
