"""A table within gzip or a zip is read; what unpacks to far more than it should is the team's rejection."""

import gzip
import io
import time
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from tests.evaluators.handed_in import RIGHT, SCORES, problem, read
from tests.evaluators.trial import rejected

LINES = b'{"id": 1, "y": 1}\n{"id": 2, "y": 2}\n{"id": 3, "y": 3}\n{"id": 4, "y": 5}\n'
ZEROS = b"id,y\n" + b"0" * 300_000_000


def a_zip(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return buffer.getvalue()


def a_parquet() -> bytes:
    buffer = io.BytesIO()
    pl.DataFrame({"id": [1, 2, 3, 4], "y": [1, 2, 3, 5]}).write_parquet(buffer)
    return buffer.getvalue()


def an_npy() -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.array([(1, 1), (2, 2), (3, 3), (4, 5)], dtype=[("id", "i8"), ("y", "f8")]))
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("p.csv.gz", gzip.compress(RIGHT)),
        ("P.CSV.GZ", gzip.compress(RIGHT)),
        ("p.csv.gz", gzip.compress(RIGHT[:9]) + gzip.compress(RIGHT[9:])),
        ("p.csv.gz", gzip.compress(RIGHT.decode().encode("utf-16"))),
        ("p.jsonl.gz", gzip.compress(LINES)),
        ("p.zip", a_zip(("p.csv", RIGHT))),
        ("p.zip", a_zip(("p.csv", RIGHT), method=zipfile.ZIP_STORED)),
        (
            "p.zip",
            a_zip(
                ("out/", b""), ("out/p.csv", RIGHT), ("__MACOSX/out/._p.csv", b"?"), ("out/.DS_Store", b"")
            ),
        ),
        ("p.zip", a_zip(("p.jsonl", LINES))),
        ("p.zip", a_zip(("p.parquet", a_parquet()))),
        ("p.zip", a_zip(("p.npy", an_npy()))),
    ],
    ids=[
        "gz",
        "capitals",
        "members",
        "utf16",
        "jsonl",
        "zip",
        "stored",
        "macos",
        "zip jsonl",
        "parquet",
        "npy",
    ],
)
def test_a_packed_table_is_read(tmp_path: Path, name: str, content: bytes) -> None:
    assert read(tmp_path, content, name)["scores"] == SCORES


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("p.zip", a_zip(), "it holds 0 files"),
        ("p.zip", a_zip(("a.csv", RIGHT), ("b.csv", RIGHT)), "it holds 2 files; pack the table alone"),
        ("p.zip", a_zip(("p.csv", RIGHT), method=zipfile.ZIP_BZIP2), "unusual method"),
        ("p.zip", a_zip(("p.csv", RIGHT), method=zipfile.ZIP_LZMA), "unusual method"),
        ("p.zip", a_zip(*((f"{n}.csv", b"") for n in range(9000))), "too many files"),
        ("p.zip", a_zip(("p.csv", RIGHT))[:-9], "not a whole packed file"),
        ("p.zip", a_zip(("p.csv", RIGHT), method=0).replace(b"4,5", b"4,4"), "not a whole packed file"),
        (
            "p.zip",
            a_zip(("p.csv", RIGHT)).replace(b"\x14\x00\x00\x00\x08", b"\x14\x00\x01\x00\x08"),
            "encrypted",
        ),
        ("p.zip", RIGHT, "not a whole packed file"),
        ("p.csv.gz", RIGHT, "not a whole packed file"),
        ("p.csv.gz", gzip.compress(RIGHT)[:-9], "not a whole packed file"),
        ("p.csv.gz", gzip.compress(RIGHT) + b"more", "not a whole packed file"),
        ("p.csv.gz", gzip.compress(gzip.compress(RIGHT)), "compressed"),
        ("p.npz", RIGHT, "not a whole packed file"),
    ],
    ids=range(14),
)
def test_a_packed_file_that_cannot_be_read_says_why(
    tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    assert words in problem(read(tmp_path, content, name))


@pytest.mark.parametrize(
    ("member", "suffix"),
    [
        ("p.exe", ".exe in a zip"),
        ("p.zip", ".zip in a zip"),
        ("p.csv.gz", ".csv.gz in a zip"),
        ("p", " in a zip"),
    ],
)
def test_nothing_is_packed_twice(tmp_path: Path, member: str, suffix: str) -> None:
    found = rejected(read(tmp_path, a_zip((member, RIGHT)), "p.zip"))
    assert found == ("wrong_format", {"suffix": suffix})


def bombs() -> dict[str, tuple[str, bytes]]:
    arrays = io.BytesIO()
    np.savez_compressed(arrays, id=np.zeros(30_000_000), y=np.zeros(4))
    return {
        "gzip": ("p.csv.gz", gzip.compress(ZEROS, 1)),
        "zip": ("p.zip", a_zip(("p.csv", ZEROS))),
        "arrays": ("p.npz", arrays.getvalue()),
    }


BOMBS = bombs()


@pytest.mark.parametrize("kind", BOMBS)
def test_a_bomb_is_refused_before_it_goes_off(tmp_path: Path, kind: str) -> None:
    name, content = BOMBS[kind]
    tracemalloc.start()
    began = time.monotonic()
    found: dict[str, Any] = read(tmp_path, content, name)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert rejected(found)[0] == "too_large"
    assert most < 3 * len(content) + 250 * len(content) + 2_000_000
    assert time.monotonic() - began < 5


def test_a_size_that_lies_is_not_believed(tmp_path: Path) -> None:
    honest = a_zip(("p.csv", b"id,y\n" + b"0" * 3_000_000))
    lying = honest.replace((3_000_005).to_bytes(4, "little"), (40).to_bytes(4, "little"))
    assert lying != honest
    assert rejected(read(tmp_path, lying, "p.zip"))[0] in ("unreadable", "too_large", "missing_columns")
