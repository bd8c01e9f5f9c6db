"""What reading and aligning a table takes of memory, as docs/organizers/tables.md states it."""

import gzip
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from tests.evaluators.trial import spec

ROWS = 1_000_000
FACTOR, ROOM = 10, 100_000_000
PROGRAM = """
import json, resource, sys
from pathlib import Path
from evaluators import threads
threads.bound()
import polars as pl
from evaluators.scoring import score
from evaluators.spec.task import parse
from evaluators.reference import read_reference
spec, folder, submission = json.loads(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])
reference = read_reference(parse(spec), folder)
reference.ids.work_out()
Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
before = int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
assert score(parse(spec), reference, submission)["public"] == {"mae": 0.0}
status = Path("/proc/self/status").read_text()
print(int(status.split("VmHWM:")[1].split()[0]) * 1024 - before)
"""


def as_csv(frame: pl.DataFrame, path: Path) -> int:
    frame.write_csv(path)
    return path.stat().st_size


def as_utf16(frame: pl.DataFrame, path: Path) -> int:
    path.write_bytes(frame.write_csv().encode("utf-16"))
    return path.stat().st_size


def as_gzip(frame: pl.DataFrame, path: Path) -> int:
    content = frame.write_csv().encode()
    path.write_bytes(gzip.compress(content, 1))
    return len(content)


def as_parquet(frame: pl.DataFrame, path: Path) -> int:
    frame.write_parquet(path, compression="uncompressed")
    return path.stat().st_size


def as_arrays(frame: pl.DataFrame, path: Path) -> int:
    np.savez(path, id=np.array(frame["id"].to_list()), y=frame["y"].to_numpy())
    return path.stat().st_size


@pytest.mark.parametrize(
    ("write", "name"),
    [
        (as_csv, "p.csv"),
        (as_utf16, "p.csv"),
        (as_gzip, "p.csv.gz"),
        (as_parquet, "p.parquet"),
        (as_arrays, "p.npz"),
    ],
)
@pytest.mark.parametrize("texts", [False, True], ids=["numbers as ids", "texts as ids"])
def test_a_table_takes_at_most_the_stated_multiple_of_its_file(
    tmp_path: Path, write: Callable[[pl.DataFrame, Path], int], name: str, texts: bool
) -> None:
    ids = pl.Series("id", range(ROWS)) if not texts else pl.Series("id", [f"row-{n:09}" for n in range(ROWS)])
    frame = pl.DataFrame([ids, pl.Series("y", range(ROWS))])
    folder = tmp_path / "reference"
    folder.mkdir()
    split = pl.Series("split", ["public", "private"] * (ROWS // 2))
    frame.with_columns(split).write_csv(folder / "answers.csv")
    size = write(frame.sample(fraction=1, shuffle=True, seed=0), tmp_path / name)
    words = [json.dumps(spec()), str(folder), str(tmp_path / name)]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) <= FACTOR * size + ROOM
