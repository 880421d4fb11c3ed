import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from mimika.core.errors import ConfigError
from mimika.service.frames import Frame, encode
from mimika.service.logs import (
    FrameHandler,
    configure_logging,
    handle_remote,
    request_id,
)


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """Takes our handlers away again."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    for handler in set(root.handlers) - set(before):
        handler.close()
    root.handlers[:] = before
    root.setLevel(level)


def test_every_line_of_the_file_has_the_request_id(tmp_path: Path) -> None:
    path = configure_logging(tmp_path / "new" / "home", "INFO")
    token = request_id.set("abc")
    logging.getLogger("mimika.service.requests").info("served")
    request_id.reset(token)
    logging.getLogger("uvicorn.error").info("no request")
    logging.getLogger("uvicorn.error").debug("not kept")
    served, other = path.read_text(encoding="utf-8").splitlines()
    assert path == tmp_path / "new" / "home" / "logs" / "service.log"
    assert served.endswith("[abc] mimika.service.requests served")
    assert other.endswith("[-] uvicorn.error no request")


def test_the_file_is_rotated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mimika.service.logs.FILE_BYTES", 500)
    path = configure_logging(tmp_path, "INFO")
    for number in range(20):
        logging.getLogger("x").info("line %d", number)
    assert path.with_name("service.log.1").exists()
    assert path.stat().st_size <= 500


def test_a_home_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("a file where a folder should be")
    with pytest.raises(ConfigError, match="MIMIKA_HOME"):
        configure_logging(tmp_path, "INFO")


def test_a_workers_record_reaches_the_parents_file_with_its_request(
    tmp_path: Path,
) -> None:
    frames: list[Frame] = []
    worker = logging.Logger("mimika.service.worker")
    worker.addHandler(FrameHandler(frames.append))
    token = request_id.set("from-the-worker")
    try:
        raise ZeroDivisionError("inside")
    except ZeroDivisionError:
        worker.exception("job %d failed", 7)
    request_id.reset(token)
    path = configure_logging(tmp_path, "INFO")
    (frame,) = frames
    assert encode(frame)  # JSON can say it
    handle_remote(json.loads(json.dumps(frame.header)))
    text = path.read_text(encoding="utf-8")
    assert "[from-the-worker] mimika.service.worker job 7 failed" in text
    assert "ZeroDivisionError: inside" in text


def test_a_workers_record_under_the_level_is_dropped(tmp_path: Path) -> None:
    frames: list[Frame] = []
    worker = logging.Logger("mimika.quiet")
    worker.addHandler(FrameHandler(frames.append))
    worker.info("not for this file")
    path = configure_logging(tmp_path, "WARNING")
    handle_remote(frames[0].header)
    assert path.read_text(encoding="utf-8") == ""
