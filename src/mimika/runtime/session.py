"""The one door to ONNX Runtime: sessions, and the classifier that runs in one.

ONNX Runtime is imported when the first session is opened, with the process's stderr
caught: its library writes warnings about processors and graphics cards that it does
not know while it is loaded, before its log level can be set (microsoft/onnxruntime,
issue 27092).
"""

import logging
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from mimika.core.card import CARD_KEY, ModelCard, parse_card
from mimika.core.errors import ModelError
from mimika.core.preprocess import FloatArray, Images, preprocess

logger = logging.getLogger(__name__)

# TensorRT is left out: it builds an engine for every new shape of input, which takes
# seconds to minutes, and the shapes here vary. It can be asked for by name.
PREFERRED_PROVIDERS = ("CUDAExecutionProvider", "CPUExecutionProvider")
CHUNK = 64  # pictures that one run takes: bounds the memory of large batches
FATAL = 4  # ONNX Runtime's log level; what is wrong below it is raised as well


class OnnxClassifier:
    """A classifier that `mimika export` wrote; a `core.predictor.Predictor`.

    It keeps no state between calls and may be used from several threads.
    """

    def __init__(self, path: Path, threads: int = 1) -> None:
        """Opens a model and classifies a black picture to see that it works.

        Args:
            path: the ONNX file.
            threads: threads that one run may use.

        Raises:
            ModelError: no such file, not ONNX, no card in it, or a network that does
                not fit its card.
        """
        self._path = path
        self._session = open_session(path, threads)
        self._card = _read_card(self._session, path)
        self._card.resolve_task()
        self._input = _only_input(self._session, path)
        size = self._card.preprocess.size
        self.predict(np.zeros((2, size, size), np.uint8))

    @property
    def card(self) -> ModelCard:
        """What the model is, and how its input is made."""
        return self._card

    def predict(self, images: Images) -> FloatArray:
        """Probabilities of the classes.

        Args:
            images: uint8 (N, H, W) grey or (N, H, W, 3) RGB, 0..255, of any size; or a
                sequence of pictures of different sizes.

        Returns:
            float32 (N, K), each row sums to 1, columns in the order of the card's
            labels; (0, K) for no pictures.

        Raises:
            ValueError: a picture has another dtype or shape.
            ModelError: the network answered another shape, or no numbers.
        """
        spec = self._card.preprocess
        starts = range(0, len(images), CHUNK)
        inputs = (preprocess(images[i : i + CHUNK], spec) for i in starts)
        parts = [softmax(self._logits(x), self._card.temperature) for x in inputs]
        none = np.empty((0, len(self._card.labels)), np.float32)
        return np.concatenate([none, *parts])

    def _logits(self, inputs: FloatArray) -> FloatArray:
        """float32 (N, K) from (N, C, size, size), checked."""
        try:
            (logits,) = self._session.run(None, {self._input: inputs})
        except Exception as error:  # ONNX Runtime's errors share no other base
            raise ModelError(
                f"{self._path}: the network does not take what its card promises, "
                f"input of shape {inputs.shape} ({error}); export it again"
            ) from error
        expected = (len(inputs), len(self._card.labels))
        if logits.shape != expected:
            raise ModelError(
                f"{self._path}: the card has {expected[1]} classes, so {expected} was "
                f"expected for {len(inputs)} pictures, but the network answered "
                f"{logits.shape}; export it again"
            )
        if not np.isfinite(logits).all():
            raise ModelError(
                f"{self._path}: the network answered values that are not finite; "
                "its weights are damaged: export it again"
            )
        return np.asarray(logits, np.float32)


def softmax(logits: FloatArray, temperature: float = 1.0) -> FloatArray:
    """Probabilities of logits, computed in float64.

    Args:
        logits: float32 (N, K).
        temperature: divides the logits (Guo et al. 2017, "On Calibration of Modern
            Neural Networks", section 4.2); more than 1 makes them less certain.

    Returns:
        float32 (N, K), each row sums to 1.
    """
    scaled = logits.astype(np.float64) / temperature
    powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)


def open_session(
    path: Path, threads: int = 1, providers: Sequence[str] = PREFERRED_PROVIDERS
) -> Any:
    """Opens an ONNX file.

    Args:
        path: the file.
        threads: threads that one run may use.
        providers: execution providers by preference; those that this installation of
            ONNX Runtime does not have are left out.

    Returns:
        An `onnxruntime.InferenceSession`.

    Raises:
        ModelError: there is no such file, or ONNX Runtime cannot open it.
    """
    if not path.is_file():
        raise ModelError(
            f"{path}: no such model file; give the path of an .onnx file that "
            "'mimika export' wrote"
        )
    runtime = _load_runtime()
    usable = choose_providers(runtime.get_available_providers(), providers)
    try:
        return _open(runtime, path, threads, usable)
    except Exception as error:  # ONNX Runtime's errors share no other base
        raise ModelError(
            f"{path}: ONNX Runtime cannot open it ({error}); expected an .onnx file "
            "that 'mimika export' wrote"
        ) from error


def choose_providers(available: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """The wanted providers that are available, the CPU always last."""
    last = "CPUExecutionProvider"
    return [name for name in wanted if name in available and name != last] + [last]


def _open(runtime: ModuleType, path: Path, threads: int, providers: list[str]) -> Any:
    """A session on the first of the providers that works."""
    options = _options(runtime, threads)
    for first in range(len(providers) - 1):
        try:
            return runtime.InferenceSession(
                str(path), options, providers[first:], enable_fallback=0
            )
        except Exception as error:  # such as a CUDA package without a graphics card
            logger.warning("%s does not work here: %s", providers[first], error)
    return runtime.InferenceSession(str(path), options, providers[-1:])


def _options(runtime: ModuleType, threads: int) -> Any:
    options = runtime.SessionOptions()
    options.log_severity_level = FATAL
    options.execution_mode = runtime.ExecutionMode.ORT_SEQUENTIAL
    options.inter_op_num_threads = 1
    options.intra_op_num_threads = threads
    # Idle threads sleep: several processes share the machine.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # Shapes vary from picture to picture: a memory plan kept for each only piles up.
    options.enable_mem_pattern = False
    return options


def _load_runtime() -> ModuleType:
    """Imports ONNX Runtime without its warnings and without its telemetry."""
    if "onnxruntime" not in sys.modules:
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


def _read_card(session: Any, path: Path) -> ModelCard:
    text = session.get_modelmeta().custom_metadata_map.get(CARD_KEY)
    if text is None:
        raise ModelError(
            f"{path}: not a mimika model (it has no card): export it with "
            "'mimika export'"
        )
    return parse_card(text, str(path))


def _only_input(session: Any, path: Path) -> str:
    """The name of the one input; there has to be one output as well."""
    inputs, outputs = session.get_inputs(), session.get_outputs()
    if len(inputs) != 1 or len(outputs) != 1:
        raise ModelError(
            f"{path}: expected a network with one input and one output, got "
            f"{[i.name for i in inputs]} and {[o.name for o in outputs]}; export it "
            "again"
        )
    return str(inputs[0].name)
