"""What the networks run on, by names that do not change with ONNX Runtime."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args

from mimika.core.cores import usable_cores
from mimika.core.errors import ConfigError

Provider = Literal["auto", "cpu", "cuda", "tensorrt", "coreml", "directml"]
PROVIDERS: tuple[Provider, ...] = get_args(Provider)

# what ONNX Runtime calls them
EXECUTION_PROVIDERS: Mapping[str, str] = {
    "cpu": "CPUExecutionProvider",
    "cuda": "CUDAExecutionProvider",
    "tensorrt": "TensorrtExecutionProvider",
    "coreml": "CoreMLExecutionProvider",
    "directml": "DmlExecutionProvider",
}
# What is tried after the one that was asked for, the CPU at last. TensorRT comes only
# by name: it builds an engine for each network, which takes seconds to minutes.
NEXT: Mapping[Provider, tuple[str, ...]] = {
    "auto": ("cuda", "cpu"),
    "cpu": ("cpu",),
    "cuda": ("cuda", "cpu"),
    "tensorrt": ("tensorrt", "cuda", "cpu"),
    "coreml": ("coreml", "cpu"),
    "directml": ("directml", "cpu"),
}
PACKAGES: Mapping[str, str] = {
    "cuda": "onnxruntime-gpu",
    "tensorrt": "onnxruntime-gpu",
    "coreml": "onnxruntime on macOS",
    "directml": "onnxruntime-directml",
}
ENGINES = "engines"  # folder of TensorRT's engines in the folder of all state


@dataclass(frozen=True)
class Hardware:
    """What one analyzer may use.

    Attributes:
        threads: threads that one run of a network may use; 0 for one on each core,
            within the limit of a container.
        provider: what the networks run on; `auto` is CUDA where it works and else the
            CPU.
        require: fail where the provider does not work, instead of going on, with one
            warning, on the next best.
        arena: keep the memory of a run for the next one. Without, a process holds
            less between two runs, and a run takes longer.
    """

    threads: int = 1
    provider: Provider = "auto"
    require: bool = False
    arena: bool = True

    def __post_init__(self) -> None:
        """Checks the values.

        Raises:
            ConfigError: fewer threads than none, an unknown provider, or none that
                could be required.
        """
        if self.threads < 0:
            raise ConfigError(
                f"threads is {self.threads}; expected a number from 1 on, or 0 for one "
                "on each core"
            )
        if self.provider not in PROVIDERS:
            raise ConfigError(
                f"provider is {self.provider!r}; expected one of {', '.join(PROVIDERS)}"
            )

        if self.require and self.provider == "auto":
            raise ConfigError(
                "a provider is required but none is named; expected one of "
                f"{', '.join(PROVIDERS[1:])}"
            )

    @property
    def thread_count(self) -> int:
        """The threads, 0 resolved."""
        return self.threads or usable_cores()

    def candidates(self, here: Sequence[str]) -> tuple[str, ...]:
        """What is tried in turn, the CPU at last; one that was named is always tried.

        Args:
            here: ONNX Runtime's names of the providers that this installation has.
        """
        names = NEXT[self.provider]
        if self.provider == "auto":
            names = tuple(x for x in names if EXECUTION_PROVIDERS[x] in here)
        return names

    def settled(self, provider: str) -> "Hardware":
        """The same on a provider that was seen to work, so that nothing warns twice."""
        known: dict[str, Provider] = {name: name for name in PROVIDERS}
        return replace(self, provider=known[provider], require=False)


ANY_HARDWARE = Hardware()


@dataclass(frozen=True)
class Shapes:
    """The shapes that an input may have, for engines that are built for them.

    Attributes:
        least: the smallest one.
        usual: what is fastest.
        most: the largest one.
    """

    least: tuple[int, ...]
    usual: tuple[int, ...]
    most: tuple[int, ...]


def engine_options(home: Path, shapes: Mapping[str, Shapes]) -> dict[str, Any]:
    """Options of TensorRT: engines are kept, and one serves all shapes.

    Args:
        home: folder of all state.
        shapes: by the name of the input.
    """
    ranges = {
        f"trt_profile_{kind}_shapes": _listed(
            (name, getattr(shape, field)) for name, shape in shapes.items()
        )
        for kind, field in (("min", "least"), ("opt", "usual"), ("max", "most"))
    }
    return {
        "trt_engine_cache_enable": True,
        "trt_engine_cache_path": str(home / ENGINES),
        "trt_timing_cache_enable": True,
        "trt_timing_cache_path": str(home / ENGINES),
        **ranges,
    }


def _listed(shapes: Iterable[tuple[str, tuple[int, ...]]]) -> str:
    """`image:1x3x32x32,other:1x2`."""
    return ",".join(f"{name}:{'x'.join(map(str, shape))}" for name, shape in shapes)


def absent(provider: str, here: Iterable[str]) -> str:
    """Why a provider cannot be had at all.

    Args:
        provider: which.
        here: ONNX Runtime's names of those that this installation has.
    """
    names = [name for name, long in EXECUTION_PROVIDERS.items() if long in set(here)]
    return (
        f"this installation of ONNX Runtime has only {', '.join(names)}; install "
        f"{PACKAGES[provider]}"
    )
