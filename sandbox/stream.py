"""The attached stream of a container: our frames in, and out of the engine's own framing our frames again."""

import io
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from typing import Any

import docker

from sandbox.inside.frames import BrokenStream

STDOUT, STDERR = 1, 2
STDERR_KEPT = 8192
HEADER = struct.Struct(">BxxxL")


class Attached(io.RawIOBase):
    """Reads what process 1 writes to its stdout; the end of its stderr is kept for our own trouble."""

    def __init__(
        self, client: docker.DockerClient, container: str, left_s: Callable[[], float], *, stdin: bool = True
    ) -> None:
        params = {"stdin": int(stdin), "stdout": 1, "stderr": 1, "stream": 1}
        found: Any = client.api.attach_socket(container, params=params)
        # Over a unix socket the SDK wraps the socket; over TLS it gives the socket itself.
        self._wrapper = found
        self._socket: socket.socket = getattr(found, "_sock", found)
        self.left_s = left_s
        self._waiting = 0
        self.stderr = b""

    @cached_property
    def reader(self) -> io.BufferedReader:
        """Reads ahead, and so has to be the same from one job to the next."""
        return io.BufferedReader(self)

    def send(self, data: bytes) -> None:
        """Write to process 1's stdin.

        Raises:
            OSError: it is gone, or takes nothing any more.
        """
        self._socket.settimeout(max(self.left_s(), 0.01))
        self._socket.sendall(data)

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """The next bytes of stdout; 0 at the end."""
        while not self._waiting:
            header = self._exactly(HEADER.size)
            if header is None:
                return 0
            kind, size = HEADER.unpack(header)
            if kind == STDERR:
                self.stderr = (self.stderr + (self._exactly(size) or b""))[-STDERR_KEPT:]
            else:
                self._waiting = size
        chunk = self._some(min(len(buffer), self._waiting))
        self._waiting -= len(chunk)
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def _exactly(self, size: int) -> bytes | None:
        found = b""
        while len(found) < size:
            chunk = self._some(size - len(found))
            if not chunk:
                if found:
                    raise BrokenStream("the engine's stream ended within a frame")
                return None
            found += chunk
        return found

    def _some(self, most: int) -> bytes:
        self._socket.settimeout(max(self.left_s(), 0.01))
        return self._socket.recv(most)

    def close(self) -> None:
        """Let go, so that the engine knows: one that is attached but reads nothing would hold up all."""
        if not self.closed:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
            self._wrapper.close()
            self._socket.close()
        super().close()
