"""The one door to ONNX Runtime: sessions on the hardware that was asked for.

ONNX Runtime is imported when the first session is opened, with the process's stderr
caught: its library writes warnings about processors and graphics cards that it does
not know while it is loaded, before its log level can be set (microsoft/onnxruntime,
issue 27092).
"""

import logging
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from mimika.core.errors import ConfigError, ModelError
from mimika.core.home import home_folder
from mimika.runtime.hardware import (
    ANY_HARDWARE,
    ENGINES,
    EXECUTION_PROVIDERS,
    Hardware,
    Shapes,
    absent,
    engine_options,
)

logger = logging.getLogger(__name__)

TELEMETRY_OFF = ("ORT_DISABLE_TELEMETRY", "ORT_TELEMETRY_DISABLED")
FATAL = 4  # ONNX Runtime's log level; what is wrong below it is raised as well


def open_session(
    path: Path,
    hardware: Hardware = ANY_HARDWARE,
    shapes: Mapping[str, Shapes] | None = None,
) -> Any:
    """Opens an ONNX file.

    Args:
        path: the file.
        hardware: what it may use.
        shapes: those that each input may have, for engines that are built for them.

    Returns:
        An `onnxruntime.InferenceSession`.

    Raises:
        ModelError: there is no such file, or ONNX Runtime cannot open it.
        ConfigError: the hardware is required and does not work here.
    """
    if not path.is_file():
        raise ModelError(
            f"{path}: no such model file; give the path of an .onnx file that "
            "'mimika export' wrote"
        )
    runtime = _load_runtime()
    here = runtime.get_available_providers()
    failures: dict[str, str] = {}
    for provider in hardware.candidates(here):
        if EXECUTION_PROVIDERS[provider] not in here:
            failures[provider] = absent(provider, here)
            continue
        try:
            session = _open(runtime, path, hardware, provider, shapes or {})
        except Exception as error:  # such as a CUDA package without a graphics card
            failures[provider] = str(error)
            continue
        if failures:
            _warn_or_refuse(hardware, failures, provider)
        return session
    raise ModelError(
        f"{path}: ONNX Runtime cannot open it ({failures['cpu']}); expected an .onnx "
        "file that 'mimika export' wrote"
    )


def provider_of(session: Any) -> str:
    """What a session runs on, by the name in `hardware.PROVIDERS`."""
    first = session.get_providers()[0]
    return next(name for name, long in EXECUTION_PROVIDERS.items() if long == first)


def _open(
    runtime: ModuleType,
    path: Path,
    hardware: Hardware,
    provider: str,
    shapes: Mapping[str, Shapes],
) -> Any:
    """A session on one provider; what that cannot do is done by the CPU.

    Raises:
        Exception: of any kind, where it cannot be opened there.
    """
    long = EXECUTION_PROVIDERS[provider]
    options: dict[str, Any] = {}
    if provider == "tensorrt":
        home = home_folder(os.environ)
        (home / ENGINES).mkdir(parents=True, exist_ok=True)
        options = engine_options(home, shapes)
    session = runtime.InferenceSession(
        str(path),
        _options(runtime, hardware),
        [(long, options)],
        enable_fallback=0,
    )
    if session.get_providers()[0] != long:  # it goes on without, as it sees fit
        raise RuntimeError("ONNX Runtime cannot use it here; its libraries are missing")
    return session


def _warn_or_refuse(hardware: Hardware, failures: Mapping[str, str], used: str) -> None:
    """Says once what does not work here."""
    reasons = "; ".join(f"{name}: {reason}" for name, reason in failures.items())
    if hardware.require:
        raise ConfigError(
            f"{hardware.provider} is required and does not work here ({reasons}); "
            "correct that, or do not require it"
        )
    logger.warning("going on with %s (%s)", used, reasons)


def _options(runtime: ModuleType, hardware: Hardware) -> Any:
    options = runtime.SessionOptions()
    options.log_severity_level = FATAL
    options.execution_mode = runtime.ExecutionMode.ORT_SEQUENTIAL
    options.inter_op_num_threads = 1
    options.intra_op_num_threads = hardware.thread_count
    options.enable_cpu_mem_arena = hardware.arena
    # Within a run threads wait awake for the next piece of work, which takes a third
    # off a run on two of them; afterwards they sleep: others share the machine.
    spins = "1" if hardware.thread_count > 1 else "0"
    options.add_session_config_entry("session.intra_op.allow_spinning", spins)
    options.add_session_config_entry("session.force_spinning_stop", "1")
    # Shapes vary from picture to picture: a memory plan kept for each only piles up.
    options.enable_mem_pattern = False
    return options


def _load_runtime() -> ModuleType:
    """Imports ONNX Runtime without its warnings and without its telemetry."""
    if "onnxruntime" not in sys.modules:
        # while it is loaded it already keeps a number for this machine and an event,
        # unless the environment says no; the name has changed between its versions
        for name in TELEMETRY_OFF:
            os.environ[name] = "1"
        with _caught_stderr():
            import onnxruntime

            onnxruntime.set_default_logger_severity(FATAL)
            onnxruntime.disable_telemetry_events()
    return sys.modules["onnxruntime"]


@contextmanager
def _caught_stderr() -> Iterator[None]:
    """Sends what a library writes to file descriptor 2 to the debug log instead."""
    with tempfile.TemporaryFile() as caught:
        kept = os.dup(2)
        os.dup2(caught.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            caught.seek(0)
            text = caught.read().decode(errors="replace").strip()
            if text:
                logger.debug("while ONNX Runtime was loaded: %s", text)
