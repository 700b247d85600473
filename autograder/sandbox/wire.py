"""The closed format in which data crosses from the student's process to the host: JSON and npy without pickle.

A frame is a header (JSON) followed by arrays (npy). Everything that is read is bounded: sizes, shapes, dtypes, depth.
"""

import io
import json
import math
import struct
from time import monotonic

import numpy as np

LARGEST_HEADER = 4_000_000  # bytes of JSON
LARGEST_FRAME = 64_000_000  # bytes of JSON and arrays together
MOST_ARRAYS = 4096
MOST_AXES = 16
DEEPEST = 16
_LENGTHS = struct.Struct("!II")  # bytes of the header, number of arrays
_ARRAY = struct.Struct("!I")  # bytes of one array
_KEY = "\x00array"


class Malformed(Exception):
    """What came is not in the format, or is larger than allowed; the text is for a person."""


class Closed(Exception):
    """The other side is gone."""


class TooSlow(Exception):
    """Nothing complete came in time."""


def pack(message):
    """Return a message (JSON values, and arrays of numbers anywhere in it) as the bytes of one frame."""
    arrays = []

    def strip(value):
        if isinstance(value, (np.ndarray, np.generic)):
            buffer = io.BytesIO()
            np.lib.format.write_array(buffer, np.asarray(value), allow_pickle=False)
            arrays.append(buffer.getvalue())
            return {_KEY: len(arrays) - 1}
        if isinstance(value, dict):
            return {str(key): strip(each) for key, each in value.items()}
        if isinstance(value, (list, tuple)):
            return [strip(each) for each in value]
        return value

    header = json.dumps(strip(message)).encode()
    parts = [_LENGTHS.pack(len(header), len(arrays)), header]
    for array in arrays:
        parts += [_ARRAY.pack(len(array)), array]
    return b"".join(parts)


def _restore(value, arrays, depth=0):
    if depth > DEEPEST:
        raise Malformed("the answer is nested too deeply")
    if isinstance(value, dict):
        if set(value) == {_KEY}:
            index = value[_KEY]
            if not isinstance(index, int) or not 0 <= index < len(arrays):
                raise Malformed("the answer refers to an array that did not come")
            return arrays[index]
        return {key: _restore(each, arrays, depth + 1) for key, each in value.items()}
    if isinstance(value, list):
        return [_restore(each, arrays, depth + 1) for each in value]
    return value


def _array(data):
    """Read one npy of plain numbers without trusting its header."""
    stream = io.BytesIO(data)
    try:
        version = np.lib.format.read_magic(stream)
        if version != (1, 0):
            raise Malformed("an array came in an unknown format")
        shape, fortran, dtype = np.lib.format.read_array_header_1_0(stream)
    except Malformed:
        raise
    except Exception as error:
        raise Malformed("an array came damaged") from error
    body = data[stream.tell() :]
    if dtype.kind not in "biuf" or dtype.hasobject or dtype.itemsize > 16 or len(shape) > MOST_AXES:
        raise Malformed("an array came that does not hold plain numbers")
    if any(size < 0 for size in shape) or math.prod(shape) * dtype.itemsize != len(body):
        raise Malformed("an array came with a size that does not fit its shape")
    try:
        return np.ndarray(shape, dtype, buffer=body or bytes(16), order="F" if fortran else "C")
    except Exception as error:
        raise Malformed("an array came with a shape that no array has") from error


class Channel:
    """Frames over a socket.

    Args:
        connection: a connected stream socket.
    """

    def __init__(self, connection):
        self.socket = connection

    def send(self, message, seconds=30.0):
        """Send one message; a receiver that does not read in time is as good as gone."""
        self.socket.settimeout(max(seconds, 0.01))
        try:
            self.socket.sendall(pack(message))
        except (OSError, TimeoutError) as error:
            raise Closed from error

    def receive(self, seconds=None):
        """Return the next message.

        Args:
            seconds: how long to wait for the whole of it; None waits for ever.

        Raises:
            Malformed, Closed, TooSlow.
        """
        deadline = None if seconds is None else monotonic() + seconds
        length, count = _LENGTHS.unpack(self._read(_LENGTHS.size, deadline))
        if length > LARGEST_HEADER or count > MOST_ARRAYS:
            raise Malformed("the answer is too large")
        header = self._read(length, deadline)
        total, blobs = length, []
        for _ in range(count):
            (size,) = _ARRAY.unpack(self._read(_ARRAY.size, deadline))
            total += size
            if total > LARGEST_FRAME:
                raise Malformed("the answer is too large")
            blobs.append(self._read(size, deadline))
        try:
            value = json.loads(header, parse_constant=_no_constant)
        except Malformed:
            raise
        except (ValueError, RecursionError) as error:
            raise Malformed("the answer is not JSON") from error
        return _restore(value, [_array(blob) for blob in blobs])

    def _read(self, size, deadline):
        buffer = bytearray(size)
        view, got = memoryview(buffer), 0
        while got < size:
            left = None if deadline is None else deadline - monotonic()
            if left is not None and left <= 0:
                raise TooSlow
            self.socket.settimeout(left)
            try:
                read = self.socket.recv_into(view[got:], min(size - got, 1 << 20))
            except TimeoutError as error:
                raise TooSlow from error
            except OSError as error:
                raise Closed from error
            if read == 0:
                raise Closed
            got += read
        return bytes(buffer)

    def close(self):
        """Close the socket."""
        self.socket.close()


def _no_constant(name):
    raise Malformed(f"the answer holds {name} outside an array")
