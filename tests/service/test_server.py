import socket
from pathlib import Path

import pytest

from mimika.core.errors import ServiceError
from mimika.service.server import address_of, listen, worker_spec
from mimika.service.settings import ServiceSettings


def test_port_0_gives_a_free_port_and_its_address() -> None:
    with listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        assert port > 0
        assert address_of(listener) == f"http://127.0.0.1:{port}"


def test_an_address_of_ipv6_stands_in_brackets() -> None:
    if not socket.has_ipv6:
        pytest.skip("this machine has no IPv6")
    try:
        listener = listen("::1", 0)
    except ServiceError:
        pytest.skip("this machine has no IPv6 loopback")
    with listener:
        assert address_of(listener).startswith("http://[::1]:")


def test_a_taken_port_is_named_with_the_next_step() -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServiceError, match=rf"127\.0\.0\.1:{port} .*--port"):
            listen("127.0.0.1", port)


def test_an_unknown_host_is_named() -> None:
    with pytest.raises(ServiceError, match=r"cannot listen on nowhere\.invalid:1"):
        listen("nowhere.invalid", 1)


def test_a_worker_is_told_where_the_model_lies_wherever_it_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    spec = worker_spec(ServiceSettings(model=Path("a.onnx"), max_bytes=5))
    assert spec.options == {"model": str(tmp_path / "a.onnx"), "max_bytes": 5}
