"""What a run says while it goes on."""

import io
import logging
import time

import pytest
import torch
from lightning_fabric import Fabric
from rich.console import Console

from mimika.training.meter import Meter
from mimika.training.progress import describe, logging_to, progress_bar
from mimika.training.records import EpochRecord

RECORD = EpochRecord(28, 0.03, 1.1248, 0.7, 0.9446, 0.6567, 0.5907, 44.4, 689.4)
LINE = "epoch 28: accuracy 0.6567, macro-F1 0.591, loss 0.945 (train 1.125), 44 s, best"


@pytest.fixture
def meter():
    """One that has seen four batches."""
    found = Meter(2, Fabric(accelerator="cpu", devices=1))
    for _ in range(4):
        add(found)
    return found


def add(meter):
    """A batch of four pictures with one right answer."""
    logits = torch.tensor([[0.0, 1.0]] * 3 + [[1.0, 0.0]])
    meter.add(torch.tensor(1.25), logits, torch.tensor([[1.0, 0.0]] * 4))


def console(terminal=False):
    return Console(file=io.StringIO(), force_terminal=terminal, width=80)


def description(bar):
    return bar._progress.tasks[0].description


def test_an_epochs_line_fits_a_terminal():
    assert describe(RECORD, is_best=True) == LINE
    assert describe(RECORD, is_best=False) == LINE.removesuffix(", best")
    assert len(LINE) <= 80


def test_the_bar_shows_epoch_loss_accuracy_rate_and_the_time_left(meter):
    screen = console(terminal=True)
    with progress_bar(3, 2, [], screen) as bar:
        bar.step(2, 0.0123, meter)
    shown = screen.file.getvalue()
    assert "2/3 loss 1.250 acc 0.250 lr 0.012 0/s" in shown
    assert "--:--" in shown
    assert "|" not in shown  # nothing was judged yet


def test_the_speed_is_measured_from_the_first_batch_of_an_epoch_on(meter, monkeypatch):
    clock, shown = iter([100.0, 102.0, 104.0, 500.0, 501.0]), []
    with progress_bar(3, 9, [], console()) as bar, monkeypatch.context() as patched:
        patched.setattr(time, "perf_counter", lambda: next(clock))
        for epoch in (1, 1, 1, 2, 2):
            add(meter)
            bar.step(epoch, 0.1, meter)
            shown.append(description(bar).rpartition(" ")[2])
    assert shown == ["0/s", "2/s", "2/s", "0/s", "4/s"]  # four pictures each


def test_what_was_judged_last_stands_behind_a_stroke(meter):
    screen = console(terminal=True)
    with progress_bar(30, 2, [RECORD] * 28, screen) as bar:
        bar.step(29, 0.1, meter)
        assert description(bar).endswith("/s | acc 0.657 F1 0.591")
        bar.judged(EpochRecord(29, 0.1, 1.0, 0.5, 1.0, 0.75, 0.5, 1.0, 1.0))
        bar.step(30, 0.1, meter)
        assert description(bar).endswith("/s | acc 0.750 F1 0.500")


def test_a_resumed_run_begins_where_it_stopped(meter):
    with progress_bar(4, 10, [RECORD] * 3, console()) as bar:
        bar.step(4, 0.1, meter)
        task = bar._progress.tasks[0]
        assert (task.completed, task.total) == (31, 40)


def test_all_figures_of_a_usual_run_fit_a_terminal(meter, monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    screen = console(terminal=True)
    with progress_bar(100, 281, [RECORD] * 11, screen) as bar:
        bar.step(12, 0.1, meter)
    assert "…" not in screen.file.getvalue()
    assert screen.file.getvalue().count("\n") == 1


def test_no_bar_is_drawn_where_there_is_no_terminal(meter):
    screen = console()
    with progress_bar(3, 2, [], screen) as bar:
        bar.step(1, 1.0, meter)
    assert screen.file.getvalue().strip() == ""


@pytest.mark.parametrize("terminal", [False, True])
def test_a_message_is_neither_broken_nor_coloured(tmp_path, terminal):
    screen, text = console(terminal), "a/long/path [bold] :smile: 12 " * 9 + "end"
    with logging_to(tmp_path, screen, writes=True):
        logging.getLogger("mimika.training.loop").info(text)
    assert screen.file.getvalue() == text + "\n"
    assert (tmp_path / "train.log").read_text().endswith(f" INFO {text}\n")


def test_what_libraries_say_goes_to_the_file_only(tmp_path):
    screen = console()
    with logging_to(tmp_path, screen, writes=True):
        logging.getLogger("lightning_fabric.utilities.rank_zero").warning("a device")
        logging.getLogger("py.warnings").warning("it is old")
    assert screen.file.getvalue() == ""
    log = (tmp_path / "train.log").read_text()
    assert "a device" in log
    assert "it is old" in log


def test_other_processes_log_nothing(tmp_path):
    screen = console()
    with logging_to(tmp_path, screen, writes=False):
        logging.getLogger("mimika.training.loop").info("a line")
        logging.getLogger("py.warnings").warning("it is old")
    assert screen.file.getvalue() == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("writes", [False, True])
def test_afterwards_logging_is_as_it_was(tmp_path, writes):
    names = ("mimika", "lightning_fabric", "py.warnings")
    before = [(n, logging.getLogger(n).handlers[:]) for n in names]
    level = logging.getLogger("mimika").level
    with (
        pytest.raises(KeyboardInterrupt),
        logging_to(tmp_path, console(), writes=writes),
    ):
        raise KeyboardInterrupt
    assert [(n, logging.getLogger(n).handlers[:]) for n in names] == before
    assert logging.getLogger("mimika").level == level


def test_a_folder_that_cannot_be_written_changes_no_logging(tmp_path):
    before = logging.getLogger("mimika").handlers[:]
    with (
        pytest.raises(FileNotFoundError),
        logging_to(tmp_path / "gone", console(), writes=True),
    ):
        pytest.fail("the block ran")
    assert logging.getLogger("mimika").handlers == before


def test_the_log_of_a_resumed_run_is_added_to(tmp_path):
    for text in ("one", "two"):
        with logging_to(tmp_path, console(), writes=True):
            logging.getLogger("mimika").info(text)
    assert (tmp_path / "train.log").read_text().count("\n") == 2
