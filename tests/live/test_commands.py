from collections.abc import Callable

from mimika.live.commands import KEYS, Command, MemoryViewer, State
from mimika.live.frames import Frame
from mimika.live.moment import Moment


def test_every_command_has_one_key() -> None:
    assert sorted(c.value for c in KEYS.values()) == sorted(c.value for c in Command)
    assert all(len(key) == 1 for key in KEYS)


def test_the_twin_of_a_viewer_asks_when_it_has_seen_enough(
    make_frame: Callable[..., Frame], make_moment: Callable[..., Moment]
) -> None:
    viewer = MemoryViewer({1: [Command.PAUSE, Command.MIRROR], 2: [Command.QUIT]})
    assert viewer.commands() == []
    viewer.show(make_frame(), make_moment(make_frame()))
    assert viewer.commands() == [Command.PAUSE, Command.MIRROR]
    assert viewer.commands() == []
    viewer.show(make_frame(), make_moment(make_frame()))
    assert viewer.commands() == [Command.QUIT]
    viewer.tell(State(paused=True))
    assert viewer.told == [State(paused=True)]
