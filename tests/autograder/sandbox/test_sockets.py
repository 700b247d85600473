"""Connections in a private folder: bounded greetings, in bounded time, and names that are taken down."""

import os
import socket
import stat
import struct
import threading

import pytest

from autograder.sandbox import sockets


def test_a_socket_is_its_user_s_alone(tmp_path, monkeypatch):
    """Only the user may connect, and a name that is taken is not taken over."""
    monkeypatch.chdir(tmp_path)
    with sockets.listen("door"):
        assert stat.S_IMODE(os.stat("door").st_mode) == 0o600
        with pytest.raises(OSError, match="in use"):
            sockets.listen("door")
        with sockets.connect("door", {"role": "state"}) as connection:
            assert sockets.peer(connection) == (os.getpid(), os.geteuid())


@pytest.mark.parametrize("sent", [b"", b"\0\0", struct.pack("!I", 1 << 30), struct.pack("!I", 2) + b"[]", b"\0\0\0\1{"])
def test_only_a_sound_greeting_is_received(sent, monkeypatch):
    """What is too long, no JSON, no object or not complete in time is refused."""
    monkeypatch.setattr(sockets, "PATIENCE", 0.2)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(sent)
        with pytest.raises((OSError, ValueError)):
            sockets.greeted(theirs, os.geteuid())


def test_a_name_is_taken_down_only_by_its_server(tmp_path, monkeypatch):
    """A server that ends late leaves the socket of the next one alone."""
    monkeypatch.chdir(tmp_path)
    place = tmp_path / "door"
    first = sockets.listen("door")
    nameplate = sockets.Nameplate(place)
    assert nameplate.hangs
    place.rename(tmp_path / "old")
    second = sockets.listen("door")
    assert not nameplate.hangs
    nameplate.take_down()
    assert place.exists()
    first.close()
    second.close()


def test_a_folder_made_for_one_server_goes_with_it(tmp_path, monkeypatch):
    """The socket of a server that ends with its grader lies in a folder of its own, which is removed too."""
    folder = tmp_path / "alone"
    folder.mkdir()
    monkeypatch.chdir(folder)
    with sockets.listen(sockets.ALONE):
        sockets.Nameplate(folder / sockets.ALONE).take_down()
    assert not folder.exists()


def test_a_process_goes_on_only_with_leave():
    """Whoever awaits leave is known by the kernel's word; one that hung up, or a host that did, ends it."""
    ours, theirs = socket.socketpair()
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
    asked = []
    with ours, theirs:
        waiting = threading.Thread(target=sockets.await_leave, args=(theirs.fileno(),))
        waiting.start()
        sockets.give_leave(ours, 60.0, asked.append)
        waiting.join(60)
        assert asked == [os.getpid()] and not waiting.is_alive()
        ours.close()
        with pytest.raises(OSError):
            sockets.await_leave(theirs.fileno())
    ours, theirs = socket.socketpair()
    with ours:
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        theirs.close()
        with pytest.raises(ConnectionResetError):
            sockets.give_leave(ours, 60.0, asked.append)
