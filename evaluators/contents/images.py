"""Columns of pictures as their metrics take them: PNG in base64.

What a picture claims to be is looked at before it is unpacked, and it is unpacked only while it is compared.
"""

import base64
import binascii
import struct
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from evaluators.errors import ReferenceTrouble
from evaluators.formulas.guard import Array, Bools
from evaluators.spec.measures import Measure
from evaluators.tables import values

MOST_PIXELS = 10_000_000
MOST_IN_ALL = 50_000_000
_BEGIN = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
_PLANES = {0: 1, 2: 3}
"""By the type of colour that a PNG names: grey, and red, green and blue."""


@dataclass(frozen=True)
class Picture:
    """A PNG that says it has this height and width, and one plane or three, of 8 bits."""

    data: bytes
    height: int
    width: int
    planes: int

    @property
    def shape(self) -> tuple[int, int, int]:
        """What two pictures that are compared have in common."""
        return self.height, self.width, self.planes

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        """Its values, unpacked.

        Raises:
            ValueError: it is damaged, or no more what it says at its begin.
        """
        from PIL import Image

        try:
            with Image.open(BytesIO(self.data), formats=("PNG",)) as image:
                if (image.height, image.width, len(image.getbands())) != self.shape:
                    raise ValueError("a picture says twice what it is, and not the same")
                return np.array(image, dtype=dtype)
        except (
            OSError,
            SyntaxError,
            EOFError,
            struct.error,
            zlib.error,
            Image.DecompressionBombError,
        ) as error:
            raise ValueError(f"a picture is damaged: {error}") from None


def read(column: pl.Series) -> tuple[Array, Bools]:
    """Of each row its picture, still packed, and which rows do not begin as one."""
    found = [_picture(text) for text in values.texts(column).fill_null("").to_list()]
    wrong = np.array([picture is None for picture in found], dtype=np.bool_)
    return np.fromiter(found, dtype=object, count=len(found)), wrong


def answers(measure: Measure, column: pl.Series) -> Array:
    """The same of the reference, where all can be unpacked.

    Raises:
        ReferenceTrouble: a row holds no picture, or they are too large.
    """
    found, wrong = read(column)
    pixels = [picture.height * picture.width for picture in found[~wrong]]
    if sum(pixels) > MOST_IN_ALL or max(pixels, default=0) > MOST_PIXELS:
        raise ReferenceTrouble(
            f"the column {column.name} holds pictures of more than {MOST_PIXELS:,} pixels, or "
            f"{MOST_IN_ALL:,} in all"
        )
    wrong[~wrong] = [not _is_whole(picture) for picture in found[~wrong]]
    if wrong.any():
        raise ReferenceTrouble(
            f"the column {column.name} holds in {wrong.sum()} rows what is no picture for {measure.name}; "
            "write PNG of 8 bits, grey or RGB, in base64"
        )
    return found


def unlike(known: Array, said: Array) -> Bools:
    """Where a picture has not the size and the colours of its reference, or cannot be unpacked."""
    pairs = zip(known, said, strict=True)
    return np.array(
        [one.shape != other.shape or not _is_whole(other) for one, other in pairs], dtype=np.bool_
    )


def _picture(text: str) -> Picture | None:
    try:
        data = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        return None
    if not data.startswith(_BEGIN) or len(data) < len(_BEGIN) + 10:
        return None
    width, height, depth, colours = struct.unpack_from(">IIBB", data, len(_BEGIN))
    if depth != 8 or colours not in _PLANES or not height * width:
        return None
    return Picture(data, height, width, _PLANES[colours])


def _is_whole(picture: Picture) -> bool:
    try:
        np.asarray(picture)
    except ValueError:
        return False
    return True
