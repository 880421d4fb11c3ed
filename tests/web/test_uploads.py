from mimika.core.images import DEFAULT_LIMITS
from mimika.web.uploads import CuttingUploadHandler

CHUNK = 64 * 1024


def passed_on(size: int) -> int:
    handler = CuttingUploadHandler()
    handler.new_file()
    chunks = [bytes(min(CHUNK, size - start)) for start in range(0, size, CHUNK)]
    kept = [handler.receive_data_chunk(chunk, 0) for chunk in chunks]
    return sum(len(chunk) for chunk in kept if chunk is not None)


def test_a_file_within_the_limit_is_passed_on_whole() -> None:
    assert passed_on(DEFAULT_LIMITS.max_bytes) == DEFAULT_LIMITS.max_bytes


def test_of_a_larger_file_a_little_over_the_limit_is_passed_on() -> None:
    kept = passed_on(4 * DEFAULT_LIMITS.max_bytes)
    assert DEFAULT_LIMITS.max_bytes < kept <= DEFAULT_LIMITS.max_bytes + CHUNK


def test_each_file_of_a_request_has_the_whole_limit() -> None:
    handler = CuttingUploadHandler()
    for _ in range(2):
        handler.new_file()
        assert handler.receive_data_chunk(bytes(DEFAULT_LIMITS.max_bytes), 0)
        assert handler.receive_data_chunk(b"x", 0) == b"x"
        assert handler.receive_data_chunk(b"x", 0) is None
