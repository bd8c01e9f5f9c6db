"""Thrift's compact protocol, as far as the footer and the page headers of Parquet need it."""

from collections.abc import Callable
from typing import Any, Protocol

Struct = dict[int, Any]
_DEPTH = 16


class Malformed(Exception):
    """The bytes are no such struct."""


class Content(Protocol):
    """Bytes, or a file that is mapped like bytes."""

    def __getitem__(self, place: Any, /) -> Any: ...


def struct(content: Content, place: int, depth: int = 0) -> tuple[Struct, int]:
    """Fields by number, and where the struct ends.

    Raises:
        Malformed, IndexError: it is cut off, nested too deeply or of an unknown type.
    """
    if depth > _DEPTH:
        raise Malformed
    fields: Struct = {}
    number = 0
    while head := content[place]:
        place += 1
        if step := head >> 4:
            number += step
        else:
            number, place = _integer(content, place)
        fields[number], place = _value(content, place, head & 15, depth)
    return fields, place + 1


def _value(content: Content, place: int, kind: int, depth: int) -> tuple[Any, int]:
    if kind in (1, 2):
        return kind == 1, place
    if kind in (9, 10):
        return _list(content, place, depth)
    if kind == 12:
        return struct(content, place, depth + 1)
    reader = _PLAIN.get(kind)
    if reader is None:
        raise Malformed
    return reader(content, place)


def _list(content: Content, place: int, depth: int) -> tuple[list[Any], int]:
    head = content[place]
    size, kind = head >> 4, head & 15
    place += 1
    if size == 15:
        size, place = _varint(content, place)
    found = []
    for _ in range(size):
        # In a list a truth takes a byte; as a field it is the type itself.
        value, place = (
            (content[place] == 1, place + 1) if kind in (1, 2) else _value(content, place, kind, depth + 1)
        )
        found.append(value)
    return found, place


def _varint(content: Content, place: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        byte = content[place]
        place += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, place
    raise Malformed


def _integer(content: Content, place: int) -> tuple[int, int]:
    value, place = _varint(content, place)
    return (value >> 1) ^ -(value & 1), place


def _binary(content: Content, place: int) -> tuple[bytes, int]:
    size, place = _varint(content, place)
    found = content[place : place + size]
    if len(found) != size:
        raise Malformed
    return bytes(found), place + size


def _byte(content: Content, place: int) -> tuple[int, int]:
    return content[place], place + 1


def _double(content: Content, place: int) -> tuple[bytes, int]:
    return bytes(content[place : place + 8]), place + 8


_PLAIN: dict[int, Callable[[Content, int], tuple[Any, int]]] = {
    3: _byte,
    4: _integer,
    5: _integer,
    6: _integer,
    7: _double,
    8: _binary,
}
