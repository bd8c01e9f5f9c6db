"""The worker's side of the stream: what a supervisor never sends is not taken, wherever it comes from."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from sandbox import receiving
from sandbox.inside.frames import BrokenStream
from sandbox.job import Limits, Verdict

LIMITS = Limits(output_bytes=100, output_files=2, log_bytes=10)


def frame(kind: str, content: bytes, **head: Any) -> bytes:
    return json.dumps({"type": kind, "size": len(content), **head}).encode() + b"\n" + content


OUTCOME = frame("outcome", b'{"verdict": "ok", "exit_code": 0, "wall_s": 1.5}')


def test_files_logs_and_verdict_are_taken_apart(tmp_path: Path) -> None:
    stream = (
        frame("file", b"abc", name="deep/a.csv") + frame("stdout", b"said") + frame("stderr", b"") + OUTCOME
    )
    outcome = receiving.receive(io.BytesIO(stream), tmp_path, LIMITS)
    assert (outcome.verdict, outcome.wall_s, outcome.output_bytes) == (Verdict.OK, 1.5, 3)
    assert outcome.files == ("deep/a.csv",)
    assert (tmp_path / "deep/a.csv").read_bytes() == b"abc"
    assert outcome.stdout == b"said"


@pytest.mark.parametrize(
    "stream",
    [
        b"",
        b"no json\n",
        b'["list"]\n',
        b'{"type":"outcome"}\n',
        b'{"type":"outcome","size":99}\n{}',
        frame("outcome", b"{}"),
        frame("outcome", b'{"verdict": "splendid"}'),
        frame("outcome", b" " * 70_000),
        frame("file", b"x" * 101, name="a") + OUTCOME,
        frame("file", b"x", name="a")
        + frame("file", b"x", name="b")
        + frame("file", b"x", name="c")
        + OUTCOME,
        frame("file", b"x", name="../a") + OUTCOME,
        frame("file", b"x", name="/etc/cron.d/a") + OUTCOME,
        frame("file", b"x", name="") + OUTCOME,
        b'{"type":"file","name":"a","size":-5}\n' + OUTCOME,
        frame("stdout", b"x" * 11) + OUTCOME,
        frame("surprise", b"x") + OUTCOME,
        b"x" * 200_000,
    ],
)
def test_a_stream_that_no_supervisor_sends_is_broken(tmp_path: Path, stream: bytes) -> None:
    with pytest.raises(BrokenStream):
        receiving.receive(io.BytesIO(stream), tmp_path / "output", LIMITS)
    assert not (tmp_path / "a").exists()
    assert not Path("/etc/cron.d/a").exists()
