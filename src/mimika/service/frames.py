"""Messages between the service and its worker processes, over two pipes.

A frame is two lengths (big-endian uint32), a JSON header and a body of raw bytes. It
is not pickle: a worker reads pictures that anybody may have sent, and what it answers
must not be able to run code in its parent.

Kinds, parent to worker: `setup` (once), `job` (body: the picture).
Kinds, worker to parent: `ready` or `failed` (once), then `result` (body: what
was wanted) or `error` for each job, and `log` at any time.
"""

import asyncio
import json
import struct
from dataclasses import dataclass, field
from typing import Any, BinaryIO

LENGTHS = struct.Struct(">II")
MAX_HEADER_BYTES = 1_000_000
MAX_BODY_BYTES = 1_000_000_000


@dataclass(frozen=True)
class Frame:
    """One message.

    Attributes:
        kind: what it is.
        header: small values that JSON can say.
        body: raw bytes.
    """

    kind: str
    header: dict[str, Any] = field(default_factory=dict)
    body: bytes = b""


def encode(frame: Frame) -> bytes:
    """The bytes of a frame."""
    header = json.dumps({**frame.header, "kind": frame.kind}).encode()
    return LENGTHS.pack(len(header), len(frame.body)) + header + frame.body


def read_frame(stream: BinaryIO) -> Frame | None:
    """The next frame of a blocking stream; None at its end.

    Raises:
        ValueError: the bytes are not a frame.
    """
    prefix = stream.read(LENGTHS.size)
    if len(prefix) < LENGTHS.size:
        return None
    header_bytes, body_bytes = _lengths(prefix)
    header = stream.read(header_bytes)
    body = stream.read(body_bytes)
    if len(header) + len(body) < header_bytes + body_bytes:
        return None
    return _decode(header, body)


async def receive_frame(stream: asyncio.StreamReader) -> Frame | None:
    """The next frame of an asynchronous stream; None at its end.

    Raises:
        ValueError: the bytes are not a frame.
    """
    try:
        prefix = await stream.readexactly(LENGTHS.size)
        header_bytes, body_bytes = _lengths(prefix)
        header = await stream.readexactly(header_bytes)
        body = await stream.readexactly(body_bytes)
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    return _decode(header, body)


def _lengths(prefix: bytes) -> tuple[int, int]:
    header_bytes, body_bytes = LENGTHS.unpack(prefix)
    if header_bytes > MAX_HEADER_BYTES or body_bytes > MAX_BODY_BYTES:
        raise ValueError(f"a frame of {header_bytes} + {body_bytes} bytes")
    return header_bytes, body_bytes


def _decode(header: bytes, body: bytes) -> Frame:
    values = json.loads(header)
    return Frame(values.pop("kind"), values, body)
