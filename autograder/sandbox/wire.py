"""The closed format in which data crosses between the student's process and the host: JSON and npy, never pickle.

A frame is a header (JSON) followed by arrays (npy). Everything that is read is bounded: sizes, shapes, dtypes, depth.
"""

import io
import json
import math
import socket
import struct
from time import monotonic
from typing import Any, NoReturn

import numpy as np

LARGEST_HEADER = 4_000_000  # bytes of JSON
LARGEST_FRAME = 64_000_000  # bytes of JSON and arrays together: room for all files beside a notebook
MOST_ARRAYS = 4096
MOST_AXES = 16
DEEPEST = 16
_LENGTHS = struct.Struct("!II")  # bytes of the header, number of arrays
_ARRAY_LENGTH = struct.Struct("!I")  # bytes of one array
_ARRAY_KEY = "\x00array"  # {_ARRAY_KEY: 2} in the header stands for the third array of the frame

Message = dict[str, Any]


class Malformed(Exception):
    """What came is not in the format, or is larger than allowed; the text is for a person."""


class Closed(Exception):
    """The other side is gone."""


class TooSlow(Exception):
    """Nothing complete came in time."""


def pack(message: Message) -> bytes:
    """Return a message (JSON values, and arrays of numbers anywhere in it) as the bytes of one frame."""
    arrays: list[bytes] = []

    def without_arrays(value: Any) -> Any:
        if isinstance(value, (np.ndarray, np.generic)):
            buffer = io.BytesIO()
            np.lib.format.write_array(buffer, np.asarray(value), allow_pickle=False)
            arrays.append(buffer.getvalue())
            return {_ARRAY_KEY: len(arrays) - 1}
        if isinstance(value, dict):
            return {str(key): without_arrays(item) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [without_arrays(item) for item in value]
        return value

    header = json.dumps(without_arrays(message)).encode()
    parts = [_LENGTHS.pack(len(header), len(arrays)), header]
    for array in arrays:
        parts += [_ARRAY_LENGTH.pack(len(array)), array]
    return b"".join(parts)


def _with_arrays(value: Any, arrays: list[np.ndarray[Any, Any]], depth: int = 0) -> Any:
    if depth > DEEPEST:
        raise Malformed("the answer is nested too deeply")
    if isinstance(value, dict):
        if set(value) == {_ARRAY_KEY}:
            index = value[_ARRAY_KEY]
            if not isinstance(index, int) or not 0 <= index < len(arrays):
                raise Malformed("the answer refers to an array that did not come")
            return arrays[index]
        return {key: _with_arrays(item, arrays, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_arrays(item, arrays, depth + 1) for item in value]
    return value


def _read_array(data: bytes) -> np.ndarray[Any, Any]:
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

    def __init__(self, connection: socket.socket) -> None:
        self.socket = connection

    def send(self, message: Message, seconds: float = 30.0) -> None:
        """Send one message.

        Raises:
            Closed: the other side is gone; a receiver that does not read in time is treated as closed.
        """
        self.socket.settimeout(max(seconds, 0.01))
        try:
            self.socket.sendall(pack(message))
        except OSError as error:
            raise Closed from error

    def receive(self, seconds: float | None = None) -> Any:
        """Return the next message, which may be any JSON value.

        Args:
            seconds: how long to wait for the whole of it; None: no limit.

        Raises:
            Malformed, Closed, TooSlow.
        """
        deadline = None if seconds is None else monotonic() + seconds
        length, count = _LENGTHS.unpack(self._read(_LENGTHS.size, deadline))
        if length > LARGEST_HEADER or count > MOST_ARRAYS:
            raise Malformed("the answer is too large")
        header = self._read(length, deadline)
        total, arrays = length, []
        for _ in range(count):
            (size,) = _ARRAY_LENGTH.unpack(self._read(_ARRAY_LENGTH.size, deadline))
            total += size
            if total > LARGEST_FRAME:
                raise Malformed("the answer is too large")
            arrays.append(self._read(size, deadline))
        try:
            value = json.loads(header, parse_constant=_refuse_constant)
        except Malformed:
            raise
        except (ValueError, RecursionError) as error:
            raise Malformed("the answer is not JSON") from error
        return _with_arrays(value, [_read_array(array) for array in arrays])

    def _read(self, size: int, deadline: float | None) -> bytes:
        buffer = bytearray(size)
        view, filled = memoryview(buffer), 0
        while filled < size:
            left = None if deadline is None else deadline - monotonic()
            if left is not None and left <= 0:
                raise TooSlow
            self.socket.settimeout(left)
            try:
                count = self.socket.recv_into(view[filled:], min(size - filled, 1 << 20))
            except TimeoutError as error:
                raise TooSlow from error
            except OSError as error:
                raise Closed from error
            if count == 0:
                raise Closed
            filled += count
        return bytes(buffer)

    def close(self) -> None:
        """Close the socket."""
        self.socket.close()


def _refuse_constant(name: str) -> NoReturn:
    raise Malformed(f"the answer holds {name} outside an array")
