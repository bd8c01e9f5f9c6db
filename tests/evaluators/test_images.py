"""Tasks of pictures, from PNG in cells to a score; what is no picture of its row is told by id."""

import base64
import json
import struct
import time
import zlib
from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

import evaluators
from evaluators.contents import images
from evaluators.errors import ReferenceTrouble, SpecError
from tests.evaluators.trial import Row, answers, evaluated, rejected, spec, write_csv, write_json
from tests.evaluators.writing import cells, png

Writer = Callable[[Path, Iterable[Row]], Path]
TASK = spec(
    {"metric": "psnr", "name": "PSNR", "target": "y"}, {"metric": "ssim", "name": "SSIM", "target": "y"}
)
GREY = np.arange(12 * 16, dtype=np.uint8).reshape(12, 16)
COLOURS = np.dstack([GREY, GREY.T.reshape(12, 16), 255 - GREY])
KNOWN = [png(GREY), png(COLOURS), png(255 - GREY), png(GREY)]
BEGIN = b"\x89PNG\r\n\x1a\n"


def said(*pictures: Any) -> list[Row]:
    return [{"id": f"r{number}", "y": picture} for number, picture in enumerate(pictures)]


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def head(width: int = 16, height: int = 12, depth: int = 8, colours: int = 0) -> bytes:
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colours, 0, 0, 0))


def pixels(*, lines: int = 12, each: int = 17) -> bytes:
    return chunk(b"IDAT", zlib.compress(bytes(lines * each), 9))


def cell(*parts: bytes) -> str:
    return base64.b64encode(BEGIN + b"".join(parts) + chunk(b"IEND", b"")).decode()


def column(*texts: str) -> pl.Series:
    return pl.Series("y", texts)


def saved(picture: Image.Image, kind: str = "PNG") -> str:
    packed = BytesIO()
    picture.save(packed, kind)
    return base64.b64encode(packed.getvalue()).decode()


@pytest.mark.parametrize(("name", "write"), [("p.csv", write_csv), ("p.jsonl", write_json)])
def test_pictures_are_scored_from_cells(tmp_path: Path, name: str, write: Writer) -> None:
    near = np.where(GREY % 2, GREY, GREY + 1)
    rows = said(png(GREY), png(COLOURS), f" {png(255 - GREY)}\n", png(near))
    result = evaluated(tmp_path, answers(KNOWN), write(tmp_path / name, reversed(rows)), TASK)
    assert result["scores"]["public"] == {"PSNR": 100, "SSIM": 1}
    assert result["scores"]["private"]["PSNR"] == pytest.approx((100 + 10 * np.log10(2 * 255**2)) / 2)
    assert 0.99 < result["scores"]["private"]["SSIM"] < 1


HOSTILE = {
    "nothing": "",
    "words": "a picture",
    "data address": "data:image/png;base64," + KNOWN[1],
    "other bytes": base64.b64encode(b"PK\x03\x04" + bytes(100)).decode(),
    "begin alone": base64.b64encode(BEGIN).decode(),
    "JPEG": saved(Image.fromarray(COLOURS), "JPEG"),
    "grey for colours": KNOWN[0],
    "other size": png(COLOURS[:11]),
    "turned": png(COLOURS.transpose(1, 0, 2)),
    "palette": saved(Image.fromarray(COLOURS).quantize(8)),
    "opacity": saved(Image.fromarray(COLOURS).convert("RGBA")),
    "16 bits": saved(Image.fromarray(GREY.astype(np.uint16) * 200)),
    "16 bits of colours": cell(head(depth=16, colours=2), pixels(each=97)),
    "one bit": saved(Image.fromarray(GREY).convert("1")),
    "truncated": base64.b64encode(base64.b64decode(KNOWN[1])[:100]).decode(),
    "no pixels": cell(head(colours=2)),
    "broken pixels": cell(head(colours=2), chunk(b"IDAT", b"no pixels")),
    "no area": cell(head(width=0, colours=2), pixels()),
    "far too large": cell(head(2**31 - 1, 2**31 - 1, colours=2), pixels()),
    "two heads": cell(head(colours=2), head(20000, 20000, colours=2), pixels(each=49)),
    "a text that unpacks to much": cell(
        head(colours=2), chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(10**8), 9)), pixels(each=49)
    ),
}


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("picture", HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_picture_of_its_row_is_told_by_id(tmp_path: Path, picture: str) -> None:
    rows = said(KNOWN[0], picture, KNOWN[2], KNOWN[3])
    began = time.process_time()
    result = evaluated(tmp_path, answers(KNOWN), write_json(tmp_path / "p.jsonl", reversed(rows)), TASK)
    assert rejected(result) == ("bad_images", {"column": "y", "count": 1, "examples": ["r1"]})
    assert time.process_time() - began < 2
    assert KNOWN[1] not in json.dumps(result)


def test_pixels_that_unpack_to_more_than_the_picture_are_not_unpacked() -> None:
    bomb = chunk(b"IDAT", zlib.compress(bytes(12 * 17) + bytes(3 * 10**8), 9))
    began = time.process_time()
    found, wrong = images.read(column(cell(head(), bomb)))
    assert not wrong.any()
    assert not images.unlike(cells([found[0]]), found).any()
    assert np.asarray(found[0]).tolist() == [[0] * 16] * 12
    assert time.process_time() - began < 1


def test_lines_that_a_picture_lacks_are_black() -> None:
    whole = np.zeros((12, 16), dtype=np.uint8)
    whole[0] = 7
    found, _ = images.read(column(cell(head(), chunk(b"IDAT", zlib.compress(b"\0" + b"\7" * 16)))))
    assert not images.unlike(cells([found[0]]), found).any()
    assert np.asarray(found[0]).tolist() == whole.tolist()


@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_whatever_is_changed_in_a_picture_it_is_read_or_refused(data: st.DataObject) -> None:
    packed = bytearray(base64.b64decode(KNOWN[1]))
    for place in data.draw(st.lists(st.integers(0, len(packed) - 1), max_size=4)):
        packed[place] = data.draw(st.integers(0, 255))
    packed = packed[: data.draw(st.one_of(st.just(len(packed)), st.integers(0, len(packed))))]
    found, wrong = images.read(column(base64.b64encode(packed).decode()))
    known, _ = images.read(column(KNOWN[1]))
    if not wrong[0] and not images.unlike(known, found)[0]:
        assert np.asarray(found[0]).shape == COLOURS.shape


@pytest.mark.parametrize("picture", ["words", HOSTILE["truncated"], HOSTILE["palette"]])
def test_a_reference_without_pictures_is_the_organizers_to_mend(tmp_path: Path, picture: str) -> None:
    with pytest.raises(ReferenceTrouble, match="the column y holds in 1 rows what is no picture for PSNR"):
        evaluated(tmp_path, answers([*KNOWN[:3], picture]), said(*KNOWN), TASK)


@pytest.mark.parametrize(("name", "most"), [("MOST_PIXELS", 191), ("MOST_IN_ALL", 4 * 192 - 1)])
def test_the_pictures_of_a_reference_are_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, most: int
) -> None:
    monkeypatch.setattr(images, name, most + 1)
    assert "scores" in evaluated(tmp_path, answers(KNOWN), said(*KNOWN), TASK)
    monkeypatch.setattr(images, name, most)
    with pytest.raises(ReferenceTrouble, match="holds pictures of more than"):
        evaluated(tmp_path, answers(KNOWN), said(*KNOWN), TASK)


@pytest.mark.parametrize(("key", "value"), [("cap", 0), ("cap", True), ("channels", "red")])
def test_settings_of_pictures_are_checked(key: str, value: Any) -> None:
    with pytest.raises(SpecError, match=f"{key}: .* is not"):
        evaluators.validate(spec({"metric": "psnr", "target": "y", key: value}))
