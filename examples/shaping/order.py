"""Orders and splits drawn from hashes: the same on every machine, and they tell nothing about the answers."""

import hashlib
from collections.abc import Callable, Iterable
from typing import TypeVar

Item = TypeVar("Item")


def draw(salt: str, key: str) -> float:
    """A number in [0, 1) that only the salt and the key decide."""
    digest = hashlib.sha256(f"{salt}\0{key}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def shuffled(items: Iterable[Item], salt: str, key: Callable[[Item], str]) -> list[Item]:
    """The items in an order that their keys alone decide, wherever they stood before."""
    return sorted(items, key=lambda item: (draw(salt, key(item)), key(item)))


def split(salt: str, key: str, public_share: float) -> str:
    """The side of the reference on which a row stands."""
    return "public" if draw(f"{salt} split", key) < public_share else "private"
