"""FER2013 as one parquet file: columns usage, emotion, image (an encoded picture)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from mimika.core.errors import DataError
from mimika.core.extras import how_to_install
from mimika.core.preprocess import UInt8Array
from mimika.data.collector import Collector, RowError, quote
from mimika.data.samples import SIDE, SPLITS, UNLABELLED, Samples, split_of_usage

COLUMNS = ("usage", "emotion", "image")
ROWS_AT_ONCE = 2048


def read_parquet(path: Path, *, classes: int, skip_bad: bool) -> Samples:
    """Reads a parquet file with the columns usage, emotion and image.

    Args:
        path: the file. `usage` is Training, PublicTest or PrivateTest; `emotion` is
            0..classes-1, or null where the label is not known; `image` holds the bytes
            of a 48 x 48 picture (lossless WebP or PNG).
        classes: number of classes.
        skip_bad: note bad rows and go on.

    Returns:
        The pictures in the order of the file; `rows` counts its rows from 0.

    Raises:
        DataError: pyarrow is not installed, the file is damaged or lacks a column, or
            a row is bad.
    """
    collector = Collector(str(path), skip_bad=skip_bad)
    for row, (usage, emotion, image) in enumerate(_table_rows(path)):
        try:
            split, label = _split(usage), _label(emotion, classes)
            collector.add(_decode(image), label, split, row)
        except RowError as error:
            collector.reject(f"{path}, row {row} (counted from 0)", str(error))
    return collector.samples()


def _table_rows(path: Path) -> Iterator[tuple[Any, Any, Any]]:
    """Yields usage, emotion and picture bytes of each row, whatever their types."""
    arrow, parquet = _pyarrow(path)
    try:
        with parquet.ParquetFile(path) as file:
            missing = [name for name in COLUMNS if name not in file.schema_arrow.names]
            if missing:
                raise DataError(
                    f"{path}: no column {', '.join(missing)}; it has "
                    f"{', '.join(file.schema_arrow.names)}, expected "
                    f"{', '.join(COLUMNS)}"
                )
            for batch in file.iter_batches(ROWS_AT_ONCE, columns=list(COLUMNS)):
                columns = (batch.column(name).to_pylist() for name in COLUMNS)
                yield from zip(*columns, strict=True)
    except (arrow.ArrowException, OSError) as error:
        raise DataError(
            f"{path}: not a whole parquet file ({error}); fetch it again"
        ) from error


def _pyarrow(path: Path) -> tuple[Any, Any]:
    """Imports pyarrow and its parquet module, which only the `train` extra brings."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ModuleNotFoundError as error:
        raise DataError(
            f"{path}: reading parquet needs the package pyarrow, which is not "
            f"installed; {how_to_install('train')}"
        ) from error
    return pyarrow, pyarrow.parquet


def _split(usage: object) -> str:
    split = split_of_usage(usage) if isinstance(usage, str) else None
    if split is None:
        raise RowError(f"usage is {quote(usage)}, expected {', '.join(SPLITS)}")
    return split


def _label(emotion: object, classes: int) -> int:
    if emotion is None:
        return UNLABELLED
    if not isinstance(emotion, int) or not 0 <= emotion < classes:
        raise RowError(f"label {quote(emotion)}, expected 0..{classes - 1} or null")
    return emotion


def _decode(data: object) -> UInt8Array:
    """uint8 (48, 48), grey; OpenCV is three times as fast as Pillow on tiny files."""
    if not isinstance(data, bytes) or not data:
        raise RowError(f"image is {quote(data)}, expected the bytes of a picture")
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
    except cv2.error:
        image = None
    if image is None:
        raise RowError(f"the picture of {len(data)} bytes cannot be decoded")
    if image.shape != (SIDE, SIDE):
        raise RowError(
            f"the picture is {image.shape[1]} x {image.shape[0]} pixels, "
            f"expected {SIDE} x {SIDE}"
        )
    return np.asarray(image, np.uint8)
