"""Dry-runs a bundle's baselines through the very pipeline that scores teams, without portal or database."""

import dataclasses
import math
import os
import secrets
import socket
import tempfile
import time
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from obstore.store import LocalStore

from evaluators.programs.spec import in_phase
from leitai.competitions import keeping, limits
from leitai.competitions.bundle.archives import zipped
from leitai.competitions.bundle.files import Place
from leitai.competitions.bundle.loading import Bundle
from leitai.competitions.bundle.schema import Baseline, PhaseSpec, TaskSpec
from leitai.competitions.models import Kind, Role
from leitai.scoring import pipeline
from leitai.scoring.cleaning import LOG_BYTES, tail
from leitai.scoring.parts import Parts
from leitai.scoring.work import ImageSource, Result, ScoringTrouble, Work
from leitai.storage import ArtefactStore
from sandbox.job import SandboxUnavailable

# What scores of four digits may lie beside a zero.
NEAR_ZERO = 1e-4


@dataclass(frozen=True)
class Finding:
    """How one baseline ended, and what is wrong with that; nothing is when ``problem`` is empty."""

    task: str
    phase: str
    baseline: str
    expected: str
    outcome: str
    problem: str
    seconds: float
    public: dict[str, float] = field(default_factory=dict)
    private: dict[str, float] = field(default_factory=dict)
    log: str = ""
    notes: str = ""


@dataclass(frozen=True)
class Trial:
    """A baseline that is to be tried."""

    task: TaskSpec
    phase: PhaseSpec
    baseline: Baseline


def trials(bundle: Bundle) -> list[Trial]:
    """Every baseline with its phase; the first one where it names none."""
    found = []
    for loaded in bundle.tasks:
        phases = {phase.slug: phase for phase in loaded.spec.phases}
        for baseline in loaded.spec.baselines:
            phase = phases[baseline.phase] if baseline.phase else loaded.spec.phases[0]
            found.append(Trial(loaded.spec, phase, baseline))
    return found


def unready(parts: Parts) -> str:
    """What keeps this machine from a dry run, and what to do; empty when nothing does."""
    if not parts.sandbox.state().answers:
        return "No Docker engine answers: start it, or name another with DOCKER_HOST; or use --no-dry-run."
    if not all(parts.sandbox.present(image) for image in (parts.runtime, parts.scorer)):
        return "The sandbox images are missing: leitai images build"
    return ""


def dry_run(bundle: Bundle, parts: Parts, begin: Callable[[Trial], None]) -> Iterator[Finding]:
    """Score every baseline and compare."""
    parts.sandbox.clear(_StillChecked())
    with _own_store(parts) as own:
        kept = keeping.keep(bundle, own.store)
        for trial in trials(bundle):
            begin(trial)
            yield _tried(trial, kept, own)


def try_file(bundle: Bundle, task: TaskSpec, phase: PhaseSpec, file: Path, parts: Parts) -> Result:
    """Score a file as if it were a baseline of the task.

    Raises:
        ScoringTrouble, SandboxUnavailable: the file is not to blame.
    """
    trial = Trial(task, phase, Baseline(name=file.name, file=Place(file.name, file.resolve())))
    parts.sandbox.clear(_StillChecked())
    with _own_store(parts) as own:
        work = _work(trial, keeping.keep(bundle, own.store), own.store)
        return pipeline.score(work, own_lease(), own, lambda _: None)


@contextmanager
def _own_store(parts: Parts) -> Iterator[Parts]:
    parts.scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=parts.scratch, prefix="check-") as folder:
        place = Path(folder)
        store = ArtefactStore(LocalStore(place / "artefacts", mkdir=True), place / "spool")
        yield dataclasses.replace(parts, store=store, scratch=place)


def _tried(trial: Trial, kept: keeping.Kept, parts: Parts) -> Finding:
    began = time.monotonic()
    try:
        result = pipeline.score(_work(trial, kept, parts.store), own_lease(), parts, lambda _: None)
    except (ScoringTrouble, SandboxUnavailable) as error:
        return _finding(trial, "failed", f"Scoring failed on our side: {error}", began)
    outcome = result.code or result.state
    return _finding(trial, outcome, difference(trial.baseline, result), began, result)


def _finding(trial: Trial, outcome: str, problem: str, began: float, result: Result | None = None) -> Finding:
    return Finding(
        task=trial.task.slug,
        phase=trial.phase.slug,
        baseline=trial.baseline.name,
        expected=trial.baseline.reason or trial.baseline.expect,
        outcome=outcome,
        problem=problem,
        seconds=round(time.monotonic() - began, 3),
        public=result.public if result else {},
        private=result.private if result else {},
        log=tail(result.output.stderr, LOG_BYTES) if result else "",
        notes=str(result.stages[-1]["detail"]) if result and result.state == "scored" else "",
    )


def difference(baseline: Baseline, result: Result) -> str:
    """In what the result is not what the bundle expects; empty when it is."""
    if result.state != baseline.expect:
        why = f" ({result.code}: {result.params})" if result.code else ""
        return f"It was {result.state}{why}, and {baseline.expect} was expected."
    if baseline.reason and result.code != baseline.reason:
        return f"It was rejected for {result.code}, and {baseline.reason} was expected."
    off = [
        f"{name} is {result.public[name]:.6g}, and {score:.6g} was expected"
        for name, score in baseline.score.items()
        if not _close(result.public[name], score, baseline.tolerance)
    ]
    return "; ".join(off) + "." if off else ""


def _close(found: float, expected: float, tolerance: float) -> bool:
    return math.isclose(found, expected, rel_tol=tolerance, abs_tol=NEAR_ZERO)


def _work(trial: Trial, kept: keeping.Kept, store: ArtefactStore) -> Work:
    path = trial.baseline.file.path
    content = zipped(path) if path.is_dir() else path.read_bytes()
    hidden = {
        slot.role: artefact.digest
        for slot, artefact in kept.items()
        if (slot.task, slot.phase) == (trial.task.slug, trial.phase.slug)
    }
    return Work(
        kind=Kind(trial.task.kind),
        digest=store.put(BytesIO(content), len(content)).digest,
        file_name=path.name,
        evaluation=in_phase(trial.task.evaluation, trial.phase.slug),
        limits=limits.kept(trial.task.limits_in(trial.phase)),
        alone=trial.phase.alone,
        reference=hidden[Role.REFERENCE],
        hidden_input=hidden.get(Role.INPUT, ""),
        image=_image(trial, kept),
        preload=tuple(trial.task.preload),
        program=_program(trial, kept, Role.PROGRAM),
        ingestion=_program(trial, kept, Role.INGESTION),
    )


def _program(trial: Trial, kept: keeping.Kept, role: Role) -> str:
    found = kept.get(keeping.program_slot(trial.task.slug, role))
    return found.digest if found else ""


def _image(trial: Trial, kept: keeping.Kept) -> ImageSource | None:
    image = trial.task.image
    if image is None:
        return None
    return ImageSource(kept[keeping.image_slot(trial.task.slug, image)].digest, image.kind)


MARK = f"check.{socket.gethostname()}."


def own_lease() -> str:
    """A lease of no installation, so that no sweeper takes what runs under it for strays."""
    return f"{MARK}{os.getpid()}.{secrets.token_hex(4)}"


class _StillChecked(Container[str]):
    """All leases but those of dry runs on this machine that were killed."""

    def __contains__(self, lease: object) -> bool:
        if not isinstance(lease, str) or not lease.startswith(MARK):
            return True
        return Path(f"/proc/{lease.removeprefix(MARK).partition('.')[0]}").exists()
