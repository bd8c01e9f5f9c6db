"""Texts for metrics: columns as formulas see them, made by hypothesis or written down."""

import base64
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

import numpy as np
from hypothesis import strategies as st
from PIL import Image

from evaluators.formulas.guard import Array
from tests.evaluators.oracle import Edge, Trouble

WORDS = ("the", "a", "cat", "Cat", "sat", "on", "mat!", "a-b", "3.5", "中文", "评测", "擂台，")


def cells(values: Iterable[Any]) -> Array:
    """An array of things, whatever they are."""
    listed = list(values)
    return np.fromiter(listed, dtype=object, count=len(listed))


def png(pixels: Any) -> str:
    """A picture as cells hold it."""
    packed = BytesIO()
    Image.fromarray(np.asarray(pixels, dtype=np.uint8)).save(packed, "PNG")
    return base64.b64encode(packed.getvalue()).decode()


def known(*rows: str | Sequence[str]) -> Array:
    """References: one text for a row, or several."""
    return cells((row,) if isinstance(row, str) else tuple(row) for row in rows)


def said(*texts: str) -> Array:
    return cells(texts)


def written(rows: Sequence[Any], texts: Sequence[Any], gives: float | Trouble, **settings: Any) -> Edge:
    """Degenerate references and predictions, and what comes of them."""
    return Edge((known(*rows), said(*texts)), gives, settings)


def text(least: int = 0, most: int = 9, words: Sequence[str] = WORDS) -> st.SearchStrategy[str]:
    """Words with a space between them."""
    return st.lists(st.sampled_from(words), min_size=least, max_size=most).map(" ".join)


def texts(
    *, references: int = 1, least: int = 1, words: Sequence[str] = WORDS
) -> st.SearchStrategy[tuple[Array, Array]]:
    """References, up to so many for a row, and predictions."""
    some = st.lists(text(least, words=words), min_size=1, max_size=references).map(tuple)
    pair = st.tuples(some, text(words=words))
    return st.lists(pair, min_size=1, max_size=6).map(
        lambda rows: (cells(a for a, _ in rows), cells(b for _, b in rows))
    )
