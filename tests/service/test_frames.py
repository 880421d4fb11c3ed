import asyncio
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mimika.service.frames import LENGTHS, Frame, encode, read_frame, receive_frame

HEADERS = st.dictionaries(
    st.text().filter(lambda key: key != "kind"), st.text() | st.integers() | st.none()
)


async def receive(data: bytes) -> Frame | None:
    stream = asyncio.StreamReader()
    stream.feed_data(data)
    stream.feed_eof()
    return await receive_frame(stream)


@given(st.text(), HEADERS, st.binary())
def test_a_frame_comes_out_as_it_went_in(
    kind: str, header: dict[str, object], body: bytes
) -> None:
    frame = Frame(kind, header, body)
    assert read_frame(io.BytesIO(encode(frame))) == frame
    assert asyncio.run(receive(encode(frame))) == frame


@pytest.mark.parametrize("length", [0, 3, 8, 12, 20])
def test_a_stream_that_ends_inside_a_frame_has_no_frame(length: int) -> None:
    cut = encode(Frame("result", {}, b"body"))[:length]
    assert read_frame(io.BytesIO(cut)) is None
    assert asyncio.run(receive(cut)) is None


def test_lengths_that_no_frame_has_are_refused_before_memory_is_taken() -> None:
    absurd = LENGTHS.pack(2**31, 2**31)
    with pytest.raises(ValueError, match="a frame of"):
        read_frame(io.BytesIO(absurd))
    with pytest.raises(ValueError, match="a frame of"):
        asyncio.run(receive(absurd))
