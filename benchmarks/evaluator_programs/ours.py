"""The evaluators, with everything imported: `python ours.py SPEC FOLDER` prepares the reference as a warm
scorer does, and for each `[PATH, INTERVALS]` on stdin a fork tells seconds and memory, with the intervals of
the scores where these are true. With `--cold SUBMISSION` the reference is read by the one run that is timed.
"""

import gc
import json
import os
import resource
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from evaluators import prepared, threads

threads.bound()

from evaluators.reference import Reference, read_reference  # noqa: E402 after the bound of threads
from evaluators.scoring import evaluate, score  # noqa: E402
from evaluators.spec.task import parse  # noqa: E402


def tell(work: Callable[[], dict[str, Any]]) -> None:
    began = time.perf_counter()
    scores = work()
    told = {"seconds": time.perf_counter() - began, "scores": scores}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    os.write(1, json.dumps(told | {"peak": peak}).encode() + b"\n")


def cold(specification: str, folder: str, submission: str) -> None:
    spec = parse(json.loads(Path(specification).read_text()))
    tell(lambda: score(spec, read_reference(spec, Path(folder)), Path(submission)))


def warm(specification: str, folder: str) -> None:
    prepared.prepare(specification, folder)
    gc.freeze()  # as the interpreter does that waits
    os.write(1, b"{}\n")
    for line in sys.stdin:
        submission, intervals = json.loads(line)
        child = os.fork()
        if not child:
            tell(partial(_scored, specification, folder, Path(submission), intervals))
            os._exit(0)
        os.waitpid(child, 0)


def _scored(specification: str, folder: str, submission: Path, intervals: object) -> dict[str, Any]:
    spec, reference = prepared.reference(specification, folder)
    assert isinstance(reference, Reference)
    if not intervals:
        return score(spec, reference, submission)
    found = evaluate(spec, reference, submission)
    assert found["intervals"].keys() == found["scores"].keys()
    scores: dict[str, Any] = found["scores"]
    return scores


if __name__ == "__main__":
    if sys.argv[3:4] == ["--cold"]:
        cold(sys.argv[1], sys.argv[2], sys.argv[4])
    else:
        warm(*sys.argv[1:])
