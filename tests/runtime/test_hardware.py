"""Settings of what the networks run on."""

from pathlib import Path

import pytest

from mimika.core.cores import usable_cores
from mimika.core.errors import ConfigError
from mimika.runtime.hardware import (
    EXECUTION_PROVIDERS,
    PROVIDERS,
    Hardware,
    Shapes,
    absent,
    engine_options,
)


def test_no_threads_named_are_as_many_as_cores_may_be_used() -> None:
    assert Hardware(threads=0).thread_count == usable_cores()
    assert Hardware(threads=3).thread_count == 3


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"threads": -1}, "threads is -1; expected a number from 1 on, or 0"),
        ({"provider": "gpu"}, "provider is 'gpu'; expected one of auto, cpu, cuda"),
        ({"require": True}, "required but none is named; expected one of cpu"),
    ],
)
def test_impossible_settings_are_refused(
    given: dict[str, object], message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        Hardware(**given)  # type: ignore[arg-type]


def test_the_cpu_is_always_the_last_candidate() -> None:
    for provider in PROVIDERS:
        candidates = Hardware(provider=provider).candidates(["CPUExecutionProvider"])
        assert candidates[-1] == "cpu"


def test_a_named_provider_is_tried_first_even_where_it_is_absent() -> None:
    cpu = [EXECUTION_PROVIDERS["cpu"]]
    assert Hardware(provider="tensorrt").candidates(cpu) == ("tensorrt", "cuda", "cpu")


def test_auto_tries_only_what_is_there() -> None:
    cpu, cuda = EXECUTION_PROVIDERS["cpu"], EXECUTION_PROVIDERS["cuda"]
    assert Hardware().candidates([cpu]) == ("cpu",)
    assert Hardware().candidates([cuda, cpu]) == ("cuda", "cpu")


def test_once_settled_nothing_is_required_any_more() -> None:
    asked = Hardware(threads=2, provider="cuda", require=True, arena=False)
    assert asked.settled("cpu") == Hardware(threads=2, provider="cpu", arena=False)


def test_engines_are_kept_and_built_for_all_shapes(tmp_path: Path) -> None:
    options = engine_options(tmp_path, {"a": Shapes((1, 2), (3, 4), (5, 6))})
    assert options["trt_engine_cache_enable"] is True
    assert options["trt_engine_cache_path"] == str(tmp_path / "engines")
    assert options["trt_profile_min_shapes"] == "a:1x2"
    assert options["trt_profile_opt_shapes"] == "a:3x4"
    assert options["trt_profile_max_shapes"] == "a:5x6"


def test_an_absent_provider_is_named_with_what_to_install() -> None:
    reason = absent("directml", ["AzureExecutionProvider", "CPUExecutionProvider"])
    assert "has only cpu; install onnxruntime-directml" in reason
