"""Items 1 to 6 and 8: archives, bundles and tables that attack whoever reads them."""

import functools
import io
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl

from evaluators.tables import thrift
from leitai import db
from leitai.competitions.bundle.errors import BundleError
from leitai.competitions.bundle.loading import load_bundle
from leitai.competitions.models import Kind
from tests.sandbox.hostile import archives
from tests.sandbox.hostile.attack import ARCHIVE, ERROR, OK, REFUSED, SCORED, Attack, Ended, Ground, archive
from tests.sandbox.hostile.machine import MARK

LAUGHS = "a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30)
)
OBJECTS = {
    "object/apply": f"title: !!python/object/apply:os.system ['touch /tmp/{MARK}']\n",
    "object/new": f"title: !!python/object/new:pathlib.Path ['/tmp/{MARK}']\n",
    "name": "title: !!python/name:os.system\n",
    "a tag of its own": f"title: !touch /tmp/{MARK}\n",
    "billion laughs": LAUGHS,
    "laughs by merging": "a: &a {k: v}\n"
    + "".join(f"b{n}: {{<<: [{', '.join(['*a'] * 99)}]}}\n" for n in range(99)),
    "folders without end": "a: " + "[" * 100_000,
    "a key as deep as it is long": "? " * 50_000,
}
ROWS = b"id,value\na,1\nb,3\n"
JSON = b'{"id": "a", "value": 1}\n'


def parquet(count: int, value: str) -> bytes:
    """Rows that all name one text of the dictionary."""
    stream = io.BytesIO()
    ids = ["a", "b", *map(str, range(count - 2))]
    pl.DataFrame({"id": ids, "value": [value] * count}).write_parquet(stream)
    return stream.getvalue()


def claiming() -> bytes:
    """A page that says it unpacks to two gigabytes."""
    honest = parquet(2, "1")
    place = honest.index(b"\x15", 6, thrift.struct(honest, 4)[1]) + 1
    return honest[:place] + b"\xfe\xff\xff\xff\x0f" + honest[place + 1 :]


TABLES: dict[tuple[str, str], tuple[Callable[[], bytes], str]] = {
    ("a line of 60 megabytes", "p.csv"): (lambda: ROWS + b"c," + b"1" * 60_000_000, "unreadable"),
    ("a first line of 20 megabytes", "p.csv"): (lambda: b"id" * 10_000_000 + b"\n", "unreadable"),
    ("a million columns", "p.csv"): (lambda: b"id,value," + b"," * 999_990 + b"\na,1\n", "too_wide"),
    ("blank lines without end", "p.csv"): (lambda: ROWS + b"\n" * 50_000_000, "too_many_rows"),
    ("UTF-16", "p.csv"): (lambda: ROWS.decode().encode("utf-16"), SCORED),
    ("a byte order mark", "p.csv"): (lambda: b"\xef\xbb\xbf" + ROWS, SCORED),
    ("formulas as numbers", "p.csv"): (lambda: b'id,value\na,"=1+0"\nb,3\n', "not_numeric"),
    ("objects without end", "p.jsonl"): (lambda: JSON + b"{}\n" * 10_000_000, "too_many_rows"),
    ("lists in lists", "p.jsonl"): (lambda: b'{"id": ' + b"[" * 900_000 + b"\n", "unreadable"),
    ("digits without end", "p.jsonl"): (lambda: b'{"id": "a", "value": ' + b"9" * 900_000, "unreadable"),
    ("a million rows in few bytes", "p.parquet"): (lambda: parquet(1_000_000, "1"), "too_many_rows"),
    ("one long text for many rows", "p.parquet"): (lambda: parquet(200, "0" * 1_000_000), "too_large"),
    ("a page that claims two gigabytes", "p.parquet"): (claiming, "too_large"),
}


def written(content: Callable[[], bytes], place: Path) -> Path:
    place.write_bytes(content())
    return place


def archive_of(content: Callable[[], bytes]) -> Callable[[Ground], Ended]:
    return archive(functools.partial(written, content))


def bundle(text: str) -> Callable[[Ground], Ended]:
    """A bundle that somebody applies on the portal's machine."""

    def launch(ground: Ground) -> Ended:
        (ground.folder / "competition.yaml").write_text(text)
        began = time.monotonic()
        try:
            load_bundle(ground.folder, db.now())
        except BundleError:
            late = ("it took long",) if time.monotonic() - began > 2 else ()
            return Ended(REFUSED, late)
        return Ended("applied")

    return launch


def predictions(content: Callable[[], bytes], name: str) -> Callable[[Ground], Ended]:
    """A table that is handed in, and read in the real scoring container."""

    def launch(ground: Ground) -> Ended:
        found = ground.worker.score(Kind.PREDICTIONS, content(), name)
        return Ended(found.verdict, ("it is kept as told",) if "\x1b" in found.texts else ())

    return launch


def formulas(ground: Ground) -> Ended:
    """A team whose names are formulas, in the organizers' export."""
    text = ground.worker.exported(f"=cmd|'/c calc'!A1 {MARK}", "@SUM(1+9)*cmd|' /C calc'!A0")
    cells = [cell for line in text.splitlines()[1:] for cell in line.strip('"').split('","')]
    return Ended(
        OK, tuple(f"a cell begins {cell[:9]!r}" for cell in cells if cell[:1] in "=+-@\t\r" and cell)
    )


ATTACKS = (
    *(
        Attack(int(name[:2]), name[3:], archive_of(make), (ARCHIVE,))
        for name, make in archives.HOSTILE.items()
    ),
    Attack(3, "nested bombs", archive_of(archives.nested_bomb), (OK,)),
    # So large an archive comes by volume, which no container has that waits.
    Attack(4, "a million members", archive_of(archives.a_million_members), (ARCHIVE,), paths=("cold",)),
    Attack(5, "nothing at all", archive_of(bytes), (ARCHIVE, ERROR)),
    Attack(5, "two archives in one", archive_of(archives.two_in_one), (OK,)),
    *(Attack(6, name, bundle(text), (REFUSED,), 3.0, paths=("cold",)) for name, text in OBJECTS.items()),
    *(Attack(8, name, predictions(make, file), (code,)) for (name, file), (make, code) in TABLES.items()),
    Attack(8, "formulas in names", formulas, (OK,), paths=("cold",)),
)
