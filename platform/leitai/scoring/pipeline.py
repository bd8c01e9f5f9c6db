"""A submission's way through the containers: predict, then score.

Submitted code never shares a container with the reference, and the evaluator never meets submitted code: only
the one file of predictions crosses.
"""

import json
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

import evaluators
from evaluators import efficiency, formats
from evaluators.errors import Rejected
from evaluators.spec.task import parse
from leitai.competitions.models import Kind
from leitai.scoring import programs, receipts, stages, written
from leitai.scoring.cleaning import clean, log_tail
from leitai.scoring.parts import Parts
from leitai.scoring.verdicts import figures, read_verdict, rejection, scores, spread
from leitai.scoring.work import Output, Result, ScoringTrouble, Usage, Work
from leitai.storage import ArtefactMissing
from leitai.submissions.models import Split
from sandbox.job import INPUT, OUTPUT, Job, Limits, Outcome, Verdict

SCORES = "scores.json"
MEASURED = "measured.json"
PREDICT = ("python3", "predict.py", stages.HIDDEN_INPUT, OUTPUT)


def score(work: Work, lease: str, parts: Parts, tell: Callable[[str], None]) -> Result:
    """Score a submission; `tell` hears of every stage before it begins, and may raise to end the work.

    Raises:
        ScoringTrouble: the evaluator, the data or the store failed; the team is not to blame.
        SandboxUnavailable: the engine did.
    """
    parts.scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=parts.scratch, prefix="run-") as folder, ExitStack() as stack:
        scoring = _Scoring(work, lease, parts, tell, Path(folder), stack)
        try:
            return scoring.result()
        except ArtefactMissing as error:
            raise ScoringTrouble(f"The artefact store has no {error}.", tuple(scoring.stages)) from None
        except ScoringTrouble as trouble:
            trouble.stages = tuple(scoring.stages)
            raise


class _Scoring:
    def __init__(
        self,
        work: Work,
        lease: str,
        parts: Parts,
        tell: Callable[[str], None],
        folder: Path,
        stack: ExitStack,
    ) -> None:
        self.work, self.lease, self.parts, self.tell = work, lease, parts, tell
        self.folder, self.stack = folder, stack
        self.stages: list[dict[str, Any]] = []
        self.usage: Usage | None = None
        self.size = 0
        self.output = Output()

    def result(self) -> Result:
        if self.work.kind != Kind.CODE:
            return self._scored(self._submitted(), self.work.file_name)
        outcome = self._predict()
        self.output = output(outcome, stages.limits(self.work.limits).log_bytes)
        if outcome.verdict != Verdict.OK:
            return self._failed(outcome)
        if files := self.work.evaluation.get("files"):
            return self._written(list(files))
        name = str(self.work.evaluation.get("file", ""))
        predictions = self.folder / "predicted" / name
        if name and (predictions.is_symlink() or not predictions.is_file()):
            return self._rejected("missing_output", {"file": name})
        if not name and (lacking := programs.missing(self.work, outcome)):
            return self._rejected("missing_output", {"file": lacking})
        return self._scored(predictions, name)

    def _written(self, names: list[str]) -> Result:
        packed = self.folder / "written.zip"
        if missing := written.pack(self.folder / "predicted", names, packed):
            return self._rejected("missing_output", {"file": missing})
        return self._scored(packed, packed.name)

    def _submitted(self) -> Path:
        path = self.stack.enter_context(self.parts.store.local(self.work.digest))
        self.size = path.stat().st_size
        return path

    def _predict(self) -> Outcome:
        if not self.work.hidden_input:
            raise ScoringTrouble("The phase has no hidden input: apply the bundle again.")
        return self._run(
            "predicting",
            Job(
                shape=stages.predicting(self.work, self.parts),
                lease=self.lease,
                program=self._submitted(),
                command=programs.ingesting_command(self.work) if self.work.ingestion else PREDICT,
                output=self._made("predicted"),
                executable="" if self.work.ingestion else "run",
            ),
        )

    def _scored(self, predictions: Path, name: str) -> Result:
        outcome = self._score(predictions, f"predictions{formats.suffix(name)}")
        if self.work.program and outcome.verdict == Verdict.REFUSED_ARCHIVE:
            code = "invalid_output" if self.work.kind == Kind.CODE else outcome.verdict.value
            return self._rejected(code, {"detail": clean(outcome.detail)})
        if outcome.verdict != Verdict.OK:
            end = programs.words(outcome) if self.work.program else log_tail(outcome.stderr)
            raise ScoringTrouble(
                f"The evaluator ended with {outcome.verdict}. {outcome.detail}\n{end}".strip()
            )
        verdict = read_verdict(self.folder / "scored" / SCORES)
        if refused := rejection(verdict):
            return self._rejected(*refused, verdict)
        try:
            return self._result(verdict)
        except Rejected as beyond:
            return self._rejected(beyond.code, beyond.params, verdict)

    def _result(self, verdict: dict[str, Any]) -> Result:
        """Raises Rejected: a program scored what has used too much."""
        names = evaluators.computed(self.work.evaluation)
        used = self._used(verdict) if "program" in self.work.evaluation else {}
        public, private = ({**own, **used} for own in scores(verdict, [n for n in names if n not in used]))
        shown, unusable = figures(verdict)
        if told := " ".join(filter(None, (programs.notes(verdict), unusable))):
            self.stages[-1]["detail"] = told
        return Result(
            "scored",
            tuple(self.stages),
            self.usage,
            output=self.output,
            public=public,
            private=private,
            public_spread=spread(verdict, Split.PUBLIC, public),
            private_spread=spread(verdict, Split.PRIVATE, private),
            figures=shown,
            receipt=self._receipt(verdict),
        )

    def _score(self, predictions: Path, name: str) -> Outcome:
        if not self.work.reference:
            raise ScoringTrouble("The phase has no reference: apply the bundle again.")
        if "program" in self.work.evaluation:
            return self._score_by_program(predictions, name)
        paths = (stages.SPECIFICATION, stages.REFERENCE, f"{INPUT}/{name}", f"{OUTPUT}/{SCORES}")
        beside = self._measured()
        more = (f"{INPUT}/{each}" for each in beside)
        return self._run(
            "scoring",
            Job(
                shape=stages.scoring(self.work, self.parts),
                lease=self.lease,
                program=None,
                command=(stages.EVALUATE, *paths, *more),
                output=self._made("scored"),
                inputs={name: predictions, **beside},
            ),
        )

    def _measured(self) -> dict[str, Path]:
        """A file with what the run used, for tasks whose scores it is a part of."""
        if not parse(self.work.evaluation).usages:
            return {}
        place = self.folder / MEASURED
        place.write_text(json.dumps(measured(self.usage, self.size)), encoding="utf-8")
        return {MEASURED: place}

    def _used(self, verdict: dict[str, Any]) -> dict[str, float]:
        """What the run of a team's program used, beside what an organizer's program says of it."""
        usages = parse(self.work.evaluation).usages
        if not usages:
            return {}
        own = self.usage if self.work.kind == Kind.CODE else None
        verdict["measured"] = measured(own, self.size)
        return efficiency.scores(usages, verdict["measured"], programs.rows(verdict))

    def _score_by_program(self, predictions: Path, name: str) -> Outcome:
        if not self.work.program:
            raise ScoringTrouble("The task has no program to score with: apply the bundle again.")
        return self._run(
            "scoring",
            Job(
                shape=stages.scoring(self.work, self.parts),
                lease=self.lease,
                program=programs.archive(predictions, name, self.work, self.folder),
                command=programs.scoring_command(SCORES),
                output=self._made("scored"),
            ),
        )

    def _run(self, stage: str, job: Job) -> Outcome:
        self.tell(stage)
        outcome = self.parts.sandbox.run(job)
        self.stages.append(stage_record(stage, outcome))
        self.usage = self.usage or _usage(outcome)
        return outcome

    def _failed(self, outcome: Outcome) -> Result:
        return self._rejected(outcome.verdict.value, failure_params(outcome, stages.limits(self.work.limits)))

    def _rejected(self, code: str, params: dict[str, Any], verdict: dict[str, Any] | None = None) -> Result:
        return Result(
            "rejected",
            tuple(self.stages),
            self.usage,
            code=code,
            params=params,
            output=self.output,
            receipt=self._receipt(verdict or {}),
        )

    def _receipt(self, verdict: dict[str, Any]) -> dict[str, Any]:
        return receipts.receipt(self.work, self.parts, verdict)

    def _made(self, name: str) -> Path:
        place = self.folder / name
        place.mkdir()
        return place


def output(outcome: Outcome, most: int) -> Output:
    """What the program wrote, of each stream at most so many bytes."""
    return Output(log_tail(outcome.stdout, most), log_tail(outcome.stderr, most))


def stage_record(stage: str, outcome: Outcome) -> dict[str, Any]:
    """What organizers see of one container."""
    record = {"stage": stage, "verdict": outcome.verdict.value, "detail": clean(outcome.detail)}
    for name in ("exit_code", "signal", "wall_s", "cpu_s", "peak_memory_bytes", "output_bytes"):
        record[name] = getattr(outcome, name)
    return record


def failure_params(outcome: Outcome, given: Limits) -> dict[str, Any]:
    """What the team is told with the verdict: the limit that was met, or how the program ended."""
    limit = asdict(given)
    shown = {
        Verdict.TIME_LIMIT: ("wall_s", "cpu_s"),
        Verdict.MEMORY_LIMIT: ("memory_bytes",),
        Verdict.OUTPUT_LIMIT: ("output_bytes", "output_files"),
    }
    if outcome.verdict == Verdict.RUNTIME_ERROR:
        return {"exit_code": outcome.exit_code, "signal": outcome.signal}
    if outcome.verdict in (Verdict.REFUSED_ARCHIVE, Verdict.INVALID_OUTPUT):
        return {"detail": clean(outcome.detail)}
    return {name: limit[name] for name in shown.get(outcome.verdict, ())}


def measured(usage: Usage | None, size: int) -> dict[str, float]:
    """What the evaluator is told of a team's program, if one ran, and of what was handed in."""
    known: dict[str, float] = {"submission_bytes": size}
    if usage:
        known |= {name: getattr(usage, name) for name in ("wall_s", "cpu_s", "peak_memory_bytes")}
    return known


def _usage(outcome: Outcome) -> Usage:
    return Usage(outcome.wall_s, outcome.cpu_s, outcome.peak_memory_bytes, outcome.output_bytes)
