"""What a run says while it goes on."""

import io
import logging

import pytest
from rich.console import Console

from mimika.training.progress import describe, logging_to, progress_bar
from mimika.training.records import EpochRecord

RECORD = EpochRecord(28, 0.03, 1.1248, 0.9446, 0.6567, 0.5907, 44.4, 689.4)
LINE = "epoch 28: accuracy 0.6567, macro-F1 0.591, loss 0.945 (train 1.125), 44 s, best"


def console(terminal=False):
    return Console(file=io.StringIO(), force_terminal=terminal, width=80)


def test_an_epochs_line_fits_a_terminal():
    assert describe(RECORD, is_best=True) == LINE
    assert describe(RECORD, is_best=False) == LINE.removesuffix(", best")
    assert len(LINE) <= 80


def test_the_bar_shows_epoch_loss_speed_and_the_time_left():
    screen = console(terminal=True)
    with progress_bar(3, 2, done=1, console=screen) as bar:
        bar.step(2, 1.2345, 698.4)
    shown = screen.file.getvalue()
    assert "epoch 2/3  loss 1.234  698 images/s" in shown
    assert " 50 %" in shown
    assert "left" in shown


def test_no_bar_is_drawn_where_there_is_no_terminal():
    screen = console()
    with progress_bar(3, 2, done=0, console=screen) as bar:
        bar.step(1, 1.0, 1.0)
    assert screen.file.getvalue().strip() == ""


@pytest.mark.parametrize("terminal", [False, True])
def test_a_message_is_neither_broken_nor_coloured(tmp_path, terminal):
    screen, text = console(terminal), "a/long/path [bold] :smile: 12 " * 9 + "end"
    with logging_to(tmp_path, screen):
        logging.getLogger("mimika.training.loop").info(text)
    assert screen.file.getvalue() == text + "\n"
    assert (tmp_path / "train.log").read_text().endswith(f" INFO {text}\n")


def test_what_libraries_say_goes_to_the_file_only(tmp_path):
    screen = console()
    with logging_to(tmp_path, screen):
        logging.getLogger("lightning_fabric.utilities.rank_zero").warning("a device")
        logging.getLogger("py.warnings").warning("it is old")
    assert screen.file.getvalue() == ""
    log = (tmp_path / "train.log").read_text()
    assert "a device" in log
    assert "it is old" in log


def test_afterwards_logging_is_as_it_was(tmp_path):
    names = ("mimika", "lightning_fabric", "py.warnings")
    before = [(n, logging.getLogger(n).handlers[:]) for n in names]
    with pytest.raises(KeyboardInterrupt), logging_to(tmp_path, console()):
        raise KeyboardInterrupt
    assert [(n, logging.getLogger(n).handlers[:]) for n in names] == before


def test_the_log_of_a_resumed_run_is_added_to(tmp_path):
    for text in ("one", "two"):
        with logging_to(tmp_path, console()):
            logging.getLogger("mimika").info(text)
    assert (tmp_path / "train.log").read_text().count("\n") == 2
