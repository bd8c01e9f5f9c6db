"""What holds for a file of any format."""

import os
import random
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from evaluators import REJECTIONS
from tests.evaluators.handed_in import ANSWERS, RIGHT, SCORES, problem, read
from tests.evaluators.trial import answers, evaluated, rejected, spec, write_json


def test_the_suffix_may_be_in_capitals(tmp_path: Path) -> None:
    assert read(tmp_path, RIGHT, "P.CSV")["scores"] == SCORES


@pytest.mark.parametrize(
    ("name", "suffix"), [("p.txt", ".txt"), ("p.pkl", ".pkl"), ("p", ""), ("p.csv.bz2", ".bz2")]
)
def test_another_format_is_refused_by_its_suffix(tmp_path: Path, name: str, suffix: str) -> None:
    assert rejected(read(tmp_path, RIGHT, name)) == ("wrong_format", {"suffix": suffix})


def test_links_and_pipes_are_refused_unread(tmp_path: Path) -> None:
    (tmp_path / "elsewhere.csv").write_bytes(RIGHT)
    (tmp_path / "link.csv").symlink_to(tmp_path / "elsewhere.csv")
    os.mkfifo(tmp_path / "pipe.csv")
    for name in ("link.csv", "pipe.csv"):
        assert "regular file" in problem(evaluated(tmp_path, ANSWERS, tmp_path / name))


pieces = st.one_of(
    st.sampled_from(
        [b"id", b"y", b",", b"\n", b"\r\n", b'"', b"1", b"2", b"3", b"4", b" ", b"\0", b"\xff", b"{", b"}"]
    ),
    st.binary(max_size=3),
)


@given(st.lists(pieces, max_size=40).map(b"".join), st.sampled_from(["p.csv", "p.jsonl", "p.parquet"]))
@example(b'id,y\n"1\n', "p.csv")
@example(b"PAR1PAR1", "p.parquet")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None)
def test_whatever_is_handed_in_there_is_a_result(tmp_path: Path, content: bytes, name: str) -> None:
    for start in (b"", b"id,y\n1,1\n2,2\n", b'{"id": 1, "y": 1}\n'):
        code, params = rejected(read(tmp_path, start + content, name))
        assert set(params) == set(REJECTIONS[code])


def test_the_same_rows_score_the_same_in_every_format(tmp_path: Path) -> None:
    chance = random.Random(1)
    rows = [{"id": number, "p": chance.random()} for number in range(100)]
    reference = answers([chance.randrange(2) for _ in rows], ids=[row["id"] for row in rows])
    task = spec(
        *({"metric": name, "target": "y", "prediction": "p"} for name in ("roc_auc", "log_loss", "rmse"))
    )
    chance.shuffle(rows)
    pl.DataFrame(rows).write_parquet(tmp_path / "p.parquet")
    files = [write_json(tmp_path / "p.jsonl", rows), tmp_path / "p.parquet"]
    first = evaluated(tmp_path, reference, rows, task)["scores"]
    assert [evaluated(tmp_path, reference, path, task)["scores"] for path in files] == [first, first]
