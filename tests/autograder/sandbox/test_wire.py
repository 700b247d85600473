"""The closed format: numbers cross it unchanged, and nothing else crosses it."""

import contextlib
import socket
import struct
import threading

import numpy as np
import pytest
from hypothesis import given, settings, strategies
from hypothesis.extra import numpy as arrays

from autograder.limits import MOST_FILE_BYTES, MOST_FILES
from autograder.sandbox import wire


def roundtrip(message):
    """Send a message over a socket and return what arrives."""
    sender, receiver = socket.socketpair()
    sending = threading.Thread(target=wire.Channel(sender).send, args=(message,))
    sending.start()
    try:
        return wire.Channel(receiver).receive(60)
    finally:
        sending.join()
        sender.close()
        receiver.close()


def receive(data):
    """Return the message that some bytes are."""
    sender, receiver = socket.socketpair()
    sender.sendall(data)
    sender.close()
    try:
        return wire.Channel(receiver).receive(60)
    finally:
        receiver.close()


@given(arrays.arrays(strategies.sampled_from(["f8", "f4", "i8", "?"]), arrays.array_shapes(min_dims=0, max_side=4)))
@settings(max_examples=50)
def test_arrays_cross_the_wire_unchanged(array):
    """An array of numbers comes out as it went in: shape, dtype and values, NaN included."""
    back = roundtrip({"values": [array]})["values"][0]
    assert back.dtype == array.dtype
    np.testing.assert_array_equal(back, array)


def test_an_array_in_columns_crosses_the_wire_unchanged():
    """An array that is stored column by column comes out with its values in place."""
    array = np.asfortranarray(np.arange(6.0).reshape(2, 3))
    np.testing.assert_array_equal(roundtrip({"values": array})["values"], array)


def test_other_values_become_json():
    """NumPy's numbers become arrays without axes, tuples become lists, and names become texts."""
    back = roundtrip({"number": np.float32(2.5), "pair": (1, "a"), 3: None})
    assert back["number"] == 2.5 and back["number"].dtype == np.float32
    assert back["pair"] == [1, "a"] and back["3"] is None


@pytest.mark.parametrize("sizes", [[49 * 10**6], [MOST_FILE_BYTES], [MOST_FILE_BYTES // MOST_FILES] * MOST_FILES])
def test_all_files_that_are_kept_fit_into_one_message(sizes):
    """Neither one large file nor many small ones make a message that the other side refuses."""
    files = {f"folder/{'n' * 100}{number}": np.zeros(size, np.uint8) for number, size in enumerate(sizes)}
    back = roundtrip({"op": "files", "folder": "/tmp/work", "files": files})["files"]
    assert {name: content.size for name, content in back.items()} == {name: files[name].size for name in files}


@given(strategies.binary(max_size=300))
@settings(max_examples=100)
def test_any_bytes_are_a_message_or_an_error_of_ours(data):
    """Whatever bytes come, reading them ends in a message or in one of the format's own errors."""
    with contextlib.suppress(wire.Malformed, wire.Closed, wire.TooSlow):
        receive(data)


def frame(header, *blobs):
    """Return the bytes of a frame."""
    parts = [struct.pack("!II", len(header), len(blobs)), header]
    for blob in blobs:
        parts += [struct.pack("!I", len(blob)), blob]
    return b"".join(parts)


def npy(header):
    """Return the beginning of an npy file."""
    body = header.encode().ljust(118) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(body)) + body


ARRAY = b'{"\\u0000array": 0}'


@pytest.mark.parametrize(
    "data",
    [
        frame(b"[" * 100_000 + b"]" * 100_000),
        frame(b"[" * 50 + b"]" * 50),
        frame(b"NaN"),
        struct.pack("!II", 2**32 - 1, 0),
        struct.pack("!II", 2, 2**31) + b"{}",
        struct.pack("!II", 2, 1) + b"{}" + struct.pack("!I", wire.LARGEST_FRAME),
        frame(ARRAY),
        frame(b'{"\\u0000array": -1}', npy("{'descr': '|u1', 'fortran_order': False, 'shape': (0,)}")),
        frame(ARRAY, npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}")),
        frame(ARRAY, npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000,)}")),
        frame(ARRAY, npy("{'descr': '<f8', 'fortran_order': False, 'shape': (-1,)}")),
        frame(ARRAY, npy("{'descr': '<U9', 'fortran_order': False, 'shape': ()}")),
        frame(ARRAY, npy("__import__('os').system('true')")),
        frame(ARRAY, b"PK\x03\x04"),
    ],
)
def test_malformed_answers_are_refused(data):
    """Deep, huge, dishonest or executable answers are refused before they cost anything."""
    with pytest.raises(wire.Malformed):
        receive(data)


def test_pickles_are_neither_written_nor_read():
    """An array of objects, which numpy would pickle, is refused by the sender already."""
    with pytest.raises(ValueError, match="allow_pickle"):
        wire.pack({"values": np.array([object()])})


def test_a_slow_answer_is_not_awaited():
    """Bytes that drip in do not hold the host longer than it is willing to wait."""
    sender, receiver = socket.socketpair()
    sender.sendall(struct.pack("!II", 100, 0))
    with pytest.raises(wire.TooSlow):
        wire.Channel(receiver).receive(0.2)


def test_a_stalled_receiver_is_treated_as_closed():
    """A message that nobody reads does not hold the host: after its time the other side counts as gone."""
    sender, receiver = socket.socketpair()
    with pytest.raises(wire.Closed):
        wire.Channel(sender).send({"values": np.zeros(10**7)}, 0.2)
    receiver.close()
