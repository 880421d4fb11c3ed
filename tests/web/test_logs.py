import json
import subprocess
import sys
from pathlib import Path

from mimika.web.logs import FILES_KEPT, logging_config

WRITER = """
import json, logging, logging.config, sys
from mimika.web.logs import logging_config
from pathlib import Path
config = logging_config("INFO", Path(sys.argv[1]))
config["handlers"]["file"]["maxBytes"] = 20_000
config["handlers"]["console"]["level"] = "CRITICAL"
logging.config.dictConfig(config)
for number in range(300):
    logging.getLogger("test").info("%s:%d:%s", sys.argv[2], number, "x" * 60)
"""


def test_without_a_file_only_the_console_is_written() -> None:
    config = logging_config("INFO", None)
    assert list(config["handlers"]) == ["console"]
    assert config["root"] == {"level": "INFO", "handlers": ["console"]}


def test_the_file_rotates_and_keeps_a_bounded_number(tmp_path: Path) -> None:
    handler = logging_config("INFO", tmp_path / "web.log")["handlers"]["file"]
    assert handler["backupCount"] == FILES_KEPT
    assert handler["maxBytes"] > 0
    assert json.dumps(handler)


def test_two_processes_that_rotate_one_file_lose_no_line(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(log), name])
        for name in ("a", "b")
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    files = sorted(tmp_path.glob("web.log*"))
    lines = [line for file in files for line in file.read_text().splitlines()]
    words = sorted(line.split(" test ")[1].rpartition(":")[0] for line in lines)
    assert len(files) > 2
    assert words == sorted(f"{name}:{i}" for name in "ab" for i in range(300))
    assert all(" [-] test " in line for line in lines)


def test_making_a_pdf_file_does_not_fill_the_log() -> None:
    loggers = logging_config("DEBUG", None)["loggers"]
    assert loggers["fontTools"] == {"level": "WARNING"}
