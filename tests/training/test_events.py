"""TensorBoard events, read back by TensorBoard."""

from dataclasses import asdict, replace

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from mimika.training.events import FOLDER, event_writer, write_events
from mimika.training.records import EpochRecord

RECORD = EpochRecord(1, 0.1, 1.25, 0.4, 1.5, 0.5, 0.25, 90.0, 700.0)


def write(folder, epochs, done=0, accuracy=0.5):
    with event_writer(folder, done, enabled=True) as writer:
        for epoch in epochs:
            write_events(writer, replace(RECORD, epoch=epoch, accuracy=accuracy))


def read(folder):
    found = EventAccumulator(str(folder / FOLDER))
    found.Reload()
    return found


def test_every_figure_stands_at_its_epoch(tmp_path):
    write(tmp_path, (1, 2, 3))
    found = read(tmp_path)
    expected = asdict(RECORD)
    del expected["epoch"]
    assert set(found.Tags()["scalars"]) == set(expected)
    for name, value in expected.items():
        points = found.Scalars(name)
        assert [point.step for point in points] == [1, 2, 3]
        assert [point.value for point in points] == pytest.approx([value] * 3)


def test_what_was_written_can_be_seen_while_the_run_goes_on(tmp_path):
    with event_writer(tmp_path, 0, enabled=True) as writer:
        write_events(writer, RECORD)
        assert [p.step for p in read(tmp_path).Scalars("accuracy")] == [1]


def test_a_resumed_run_takes_back_the_epochs_it_does_again(tmp_path):
    write(tmp_path, (1, 2, 3), accuracy=0.5)
    write(tmp_path, (2, 3), done=1, accuracy=0.75)
    points = read(tmp_path).Scalars("accuracy")
    assert [(p.step, p.value) for p in points] == [(1, 0.5), (2, 0.75), (3, 0.75)]


def test_a_resumed_run_keeps_the_epochs_that_are_finished(tmp_path):
    write(tmp_path, (1, 2))
    write(tmp_path, (3,), done=2)
    assert [p.step for p in read(tmp_path).Scalars("loss")] == [1, 2, 3]


def test_other_processes_write_nothing(tmp_path):
    with event_writer(tmp_path, 0, enabled=False) as writer:
        assert writer is None
        write_events(writer, RECORD)
    assert list(tmp_path.iterdir()) == []


def test_an_interruption_closes_the_file_with_what_is_there(tmp_path):
    def interrupted():
        with event_writer(tmp_path, 0, enabled=True) as writer:
            write_events(writer, RECORD)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert [p.step for p in read(tmp_path).Scalars("accuracy")] == [1]
