"""Sending a file in a form, a piece at a time: requests by itself would read the whole into memory."""

import io
import secrets
from collections.abc import Callable, Iterator, Mapping
from typing import IO

PIECE = 64 * 1024


class Form:
    """A multipart/form-data body (RFC 7578); ``sent`` hears of every piece."""

    def __init__(
        self, fields: Mapping[str, str], file: IO[bytes], name: str, sent: Callable[[int], object]
    ) -> None:
        self._boundary = secrets.token_hex(16)
        head = "".join(self._field(key, value) for key, value in fields.items()) + self._file_head(name)
        before, after = head.encode(), f"\r\n--{self._boundary}--\r\n".encode()
        size = file.seek(0, io.SEEK_END)
        file.seek(0)
        self._length = len(before) + size + len(after)
        self._parts: list[IO[bytes]] = [io.BytesIO(before), file, io.BytesIO(after)]
        self._sent = sent

    @property
    def content_type(self) -> str:
        """The header that goes with the body."""
        return f"multipart/form-data; boundary={self._boundary}"

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[bytes]:
        while piece := self.read(PIECE):
            yield piece

    def read(self, size: int = PIECE) -> bytes:
        """The next bytes, none at the end."""
        while self._parts:
            if piece := self._parts[0].read(size):
                self._sent(len(piece))
                return piece
            self._parts.pop(0)
        return b""

    def _field(self, key: str, value: str) -> str:
        return f'--{self._boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'

    def _file_head(self, name: str) -> str:
        # What would end the header early is written as browsers write it.
        quoted = name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
        disposition = f'Content-Disposition: form-data; name="file"; filename="{quoted}"'
        return f"--{self._boundary}\r\n{disposition}\r\nContent-Type: application/octet-stream\r\n\r\n"
