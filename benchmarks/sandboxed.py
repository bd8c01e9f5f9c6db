"""Programs through our sandbox alone: cold, warm, and alone on cores of their own."""

import secrets
import tempfile
from dataclasses import replace
from pathlib import Path

from benchmarks import programs
from leitai.scoring.stages import HIDDEN_INPUT
from sandbox.docker_engine import DockerSandbox
from sandbox.job import OUTPUT, Job, Outcome, Shape, Verdict

COMMAND = ("python3", "predict.py", HIDDEN_INPUT, OUTPUT)


class SandboxFails(Exception):
    """A program did not end as it should; the text says how."""


class Sandboxed:
    """Jobs of one shape: that in which workers run what is handed in for the task."""

    def __init__(self, sandbox: DockerSandbox, shape: Shape, scratch: Path) -> None:
        self._sandbox, self._shape, self._scratch = sandbox, shape, scratch
        # The pool has no container of this shape, so that each one starts cold.
        self._unknown = replace(shape, limits=replace(shape.limits, wall_s=shape.limits.wall_s + 1))

    def ready(self) -> None:
        """Have a warm container waiting, and nothing of the last run left."""
        self._sandbox.settle()
        self._sandbox.warm(self._shape)

    def warm(self, name: str) -> Outcome:
        """One run in a container that waits for it."""
        return self._run(name, self._shape)

    def cold(self, name: str) -> Outcome:
        """One run in a container that is made for it."""
        return self._run(name, self._unknown)

    def alone(self, name: str) -> Outcome:
        """One run of a phase that ranks by speed."""
        return self._run(name, replace(self._shape, alone=True))

    def _run(self, name: str, shape: Shape) -> Outcome:
        with tempfile.TemporaryDirectory(dir=self._scratch) as folder:
            program, output = Path(folder) / "program.zip", Path(folder) / "output"
            program.write_bytes(programs.zipped(name))
            output.mkdir()
            outcome = self._sandbox.run(Job(shape, f"bench.{secrets.token_hex(8)}", program, COMMAND, output))
        if outcome.verdict != Verdict.OK or outcome.files != ("predictions.csv",):
            words = outcome.stderr.decode(errors="replace")[-500:]
            raise SandboxFails(f"{name} ended with {outcome.verdict}. {outcome.detail} {words}")
        return outcome
