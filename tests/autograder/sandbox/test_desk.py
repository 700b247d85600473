"""The warm server's desk: submissions are put together from their connections, and nobody holds up the others."""

import socket
import threading

import pytest

from autograder.sandbox import desk, sockets


@pytest.fixture
def counter(tmp_path, monkeypatch):
    """A desk that is served in a thread: where to connect, who started it, and what it yielded."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(desk, "TICK", 0.05)
    monkeypatch.setattr(sockets, "PATIENCE", 0.5)
    starter, theirs = socket.socketpair()
    served = []
    one = desk.Desk(theirs, sockets.listen("door"), sockets.os.geteuid(), ["torch"], iter([]))
    serving = threading.Thread(target=lambda: served.extend(limits for limits, _ in one.submissions()))
    serving.start()
    yield starter, served, one
    starter.close()
    one.finish()
    serving.join(60)
    assert not serving.is_alive()


def connect(token, *roles, stays=0.0):
    """Connect for a submission in some roles."""
    greeting = {"token": token, "limits": {"memory": 1}, "stays": stays}
    return [sockets.connect("door", {**greeting, "role": role}) for role in roles]


def state():
    """Ask for the state, after which all that came before has been served."""
    with sockets.connect("door", {"role": "state"}, 60) as connection:
        return sockets.receive(connection)


def test_a_submission_is_complete_with_three_connections(counter):
    """Two submissions may connect at once; each is yielded when its last connection has come."""
    _, served, _ = counter
    opened = [*connect("a", "data"), *connect("b", "data", "control"), *connect("a", "control")]
    assert state()["modules"] == ["torch"] and served == []
    opened += connect("a", "written")
    state()
    assert served == [{"memory": 1}]
    opened += connect("b", "written", stays=60.0)
    assert state()["stays"] == 60.0 and len(served) == 2
    for connection in opened:
        connection.close()


def test_who_says_nothing_or_nonsense_holds_nobody_up(counter):
    """A connection without a greeting is dropped after a while, one of another form at once."""
    _, served, _ = counter
    with socket.socket(socket.AF_UNIX) as silent, socket.socket(socket.AF_UNIX) as confused:
        silent.connect("door")
        confused.connect("door")
        sockets.send(confused, {"role": ["data"]})
        sockets.send(confused, {"token": 3})
        assert state()["students"] == 0
    assert served == []


def test_connections_that_stay_alone_are_dropped(counter, monkeypatch):
    """A grader that dies between two connections leaves nothing behind for ever."""
    _, _, one = counter
    monkeypatch.setattr(desk, "MOST_WAITING", 3)
    opened = [connect(str(number), "data")[0] for number in range(6)]
    state()
    assert list(one._waiting) == ["3", "4", "5"]
    for connection in opened:
        connection.close()


def test_it_ends_when_asked(counter):
    """Asked to stop, it answers, and nobody is received any more."""
    with sockets.connect("door", {"role": "stop"}) as connection:
        assert connection.recv(1) == b"."
    with pytest.raises(OSError):
        sockets.connect("door", {"role": "state"})


def test_chores_wait_for_whoever_comes(tmp_path, monkeypatch):
    """Who waits at the door is served between two steps; without anybody all are taken, also after one in vain."""
    monkeypatch.chdir(tmp_path)
    starter, theirs = socket.socketpair()
    order, opened = [], []

    def chores():
        for succeeded in (False, True):
            order.append("chore")
            if not opened:  # all connections of one submission arrive after the first step
                opened.extend(connect("a", *sockets.ROLES))
            yield succeeded
        starter.close()

    one = desk.Desk(theirs, sockets.listen("door"), sockets.os.geteuid(), [], chores())
    for _ in one.submissions():
        order.append("submission")
    assert order == ["chore", "submission", "chore"]
